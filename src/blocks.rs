//! Blocks that come with the library: the transformer's layers of torch.nn, written in the language itself.
//!
//! They are imported with the prelude and stand in a network as layers do, with PyTorch's arguments and names in the state_dict:
//!
//! ```
//! use nn::prelude::*;
//!
//! network! {
//!     struct Tagger: [12, 16] -> [12, 5] {
//!         encoder: TransformerEncoder(TransformerEncoderLayer(16, 4, dim_feedforward = 32), num_layers = 2),
//!         tags: Linear(16, 5),
//!     }
//! }
//! # let _ = Tagger::PARAMETERS;
//! ```
//!
//! Masks are values, named at the call: `encoder(x, mask = m)`; they are numbers that are added, as for
//! [`MultiheadAttention`](crate::layers::MultiheadAttention). The batch is outside, so `batch_first` changes nothing. An `activation` is the name of any
//! function of the language; PyTorch takes "relu" and "gelu". `is_causal = true` masks by itself.

crate::block! {
    /// Attention and two linear layers, each with a way past it and a normalisation, of a sequence `[L, d_model]`;
    /// [`torch.nn.TransformerEncoderLayer`](https://docs.pytorch.org/docs/stable/generated/torch.nn.TransformerEncoderLayer.html).
    pub TransformerEncoderLayer(
        d_model,
        nhead,
        dim_feedforward = 2048,
        dropout = 0.1,
        activation = "relu",
        layer_norm_eps = 1e-5,
        batch_first = false,
        norm_first = false,
        bias = true,
    ) {
        self_attn: MultiheadAttention(d_model, nhead, dropout = dropout, bias = bias, batch_first = batch_first),
        linear1: Linear(d_model, dim_feedforward, bias = bias),
        #[key = "dropout"]
        dropout0: Dropout(dropout),
        linear2: Linear(dim_feedforward, d_model, bias = bias),
        norm1: LayerNorm(d_model, eps = layer_norm_eps, bias = bias),
        norm2: LayerNorm(d_model, eps = layer_norm_eps, bias = bias),
        dropout1: Dropout(dropout),
        dropout2: Dropout(dropout),
    }
    forward(src, src_mask = None, src_key_padding_mask = None, is_causal = false) {
        let h = if norm_first { norm1(src) } else { src };
        let (h, _) = self_attn(
            h,
            h,
            h,
            attn_mask = src_mask,
            key_padding_mask = src_key_padding_mask,
            need_weights = false,
            is_causal = is_causal,
        );
        let x = src + dropout1(h);
        if !norm_first {
            x = norm1(x);
        }
        let h = if norm_first { norm2(x) } else { x };
        x += dropout2(linear2(dropout0(activation(linear1(h)))));
        if norm_first { x } else { norm2(x) }
    }
}

crate::block! {
    /// As [`TransformerEncoderLayer`], with an attention to the encoder's result between the two: of a sequence `[T, d_model]` and a memory
    /// `[S, d_model]`;
    /// [`torch.nn.TransformerDecoderLayer`](https://docs.pytorch.org/docs/stable/generated/torch.nn.TransformerDecoderLayer.html).
    pub TransformerDecoderLayer(
        d_model,
        nhead,
        dim_feedforward = 2048,
        dropout = 0.1,
        activation = "relu",
        layer_norm_eps = 1e-5,
        batch_first = false,
        norm_first = false,
        bias = true,
    ) {
        self_attn: MultiheadAttention(d_model, nhead, dropout = dropout, bias = bias, batch_first = batch_first),
        multihead_attn: MultiheadAttention(d_model, nhead, dropout = dropout, bias = bias, batch_first = batch_first),
        linear1: Linear(d_model, dim_feedforward, bias = bias),
        #[key = "dropout"]
        dropout0: Dropout(dropout),
        linear2: Linear(dim_feedforward, d_model, bias = bias),
        norm1: LayerNorm(d_model, eps = layer_norm_eps, bias = bias),
        norm2: LayerNorm(d_model, eps = layer_norm_eps, bias = bias),
        norm3: LayerNorm(d_model, eps = layer_norm_eps, bias = bias),
        dropout1: Dropout(dropout),
        dropout2: Dropout(dropout),
        dropout3: Dropout(dropout),
    }
    forward(
        tgt,
        memory,
        tgt_mask = None,
        memory_mask = None,
        tgt_key_padding_mask = None,
        memory_key_padding_mask = None,
        tgt_is_causal = false,
        memory_is_causal = false,
    ) {
        let h = if norm_first { norm1(tgt) } else { tgt };
        let (h, _) = self_attn(
            h,
            h,
            h,
            attn_mask = tgt_mask,
            key_padding_mask = tgt_key_padding_mask,
            need_weights = false,
            is_causal = tgt_is_causal,
        );
        let x = tgt + dropout1(h);
        if !norm_first {
            x = norm1(x);
        }
        let h = if norm_first { norm2(x) } else { x };
        let (h, _) = multihead_attn(
            h,
            memory,
            memory,
            attn_mask = memory_mask,
            key_padding_mask = memory_key_padding_mask,
            need_weights = false,
            is_causal = memory_is_causal,
        );
        x += dropout2(h);
        if !norm_first {
            x = norm2(x);
        }
        let h = if norm_first { norm3(x) } else { x };
        x += dropout3(linear2(dropout0(activation(linear1(h)))));
        if norm_first { x } else { norm3(x) }
    }
}

crate::block! {
    /// As many encoder layers as `num_layers`, and a normalisation behind them, if one is given;
    /// [`torch.nn.TransformerEncoder`](https://docs.pytorch.org/docs/stable/generated/torch.nn.TransformerEncoder.html).
    pub TransformerEncoder(encoder_layer, num_layers, norm = Identity(None)) {
        layers: [encoder_layer; num_layers],
        norm: norm,
    }
    forward(src, mask = None, src_key_padding_mask = None, is_causal = false) {
        let x = src;
        for layer in layers {
            x = layer(x, src_mask = mask, src_key_padding_mask = src_key_padding_mask, is_causal = is_causal);
        }
        norm(x)
    }
}

crate::block! {
    /// As many decoder layers as `num_layers`, and a normalisation behind them, if one is given;
    /// [`torch.nn.TransformerDecoder`](https://docs.pytorch.org/docs/stable/generated/torch.nn.TransformerDecoder.html).
    pub TransformerDecoder(decoder_layer, num_layers, norm = Identity(None)) {
        layers: [decoder_layer; num_layers],
        norm: norm,
    }
    forward(
        tgt,
        memory,
        tgt_mask = None,
        memory_mask = None,
        tgt_key_padding_mask = None,
        memory_key_padding_mask = None,
        tgt_is_causal = false,
        memory_is_causal = false,
    ) {
        let x = tgt;
        for layer in layers {
            x = layer(
                x,
                memory,
                tgt_mask = tgt_mask,
                memory_mask = memory_mask,
                tgt_key_padding_mask = tgt_key_padding_mask,
                memory_key_padding_mask = memory_key_padding_mask,
                tgt_is_causal = tgt_is_causal,
                memory_is_causal = memory_is_causal,
            );
        }
        norm(x)
    }
}

crate::block! {
    /// An encoder of `[S, d_model]` and a decoder of `[T, d_model]`;
    /// [`torch.nn.Transformer`](https://docs.pytorch.org/docs/stable/generated/torch.nn.Transformer.html).
    pub Transformer(
        d_model = 512,
        nhead = 8,
        num_encoder_layers = 6,
        num_decoder_layers = 6,
        dim_feedforward = 2048,
        dropout = 0.1,
        activation = "relu",
        custom_encoder = None,
        custom_decoder = None,
        layer_norm_eps = 1e-5,
        batch_first = false,
        norm_first = false,
        bias = true,
    ) {
        encoder: TransformerEncoder(
            TransformerEncoderLayer(
                d_model, nhead, dim_feedforward, dropout, activation, layer_norm_eps, batch_first, norm_first, bias
            ),
            num_encoder_layers,
            norm = LayerNorm(d_model, eps = layer_norm_eps, bias = bias),
        ),
        decoder: TransformerDecoder(
            TransformerDecoderLayer(
                d_model, nhead, dim_feedforward, dropout, activation, layer_norm_eps, batch_first, norm_first, bias
            ),
            num_decoder_layers,
            norm = LayerNorm(d_model, eps = layer_norm_eps, bias = bias),
        ),
    }
    forward(
        src,
        tgt,
        src_mask = None,
        tgt_mask = None,
        memory_mask = None,
        src_key_padding_mask = None,
        tgt_key_padding_mask = None,
        memory_key_padding_mask = None,
        src_is_causal = false,
        tgt_is_causal = false,
        memory_is_causal = false,
    ) {
        let memory = encoder(
            src, mask = src_mask, src_key_padding_mask = src_key_padding_mask, is_causal = src_is_causal
        );
        decoder(
            tgt,
            memory,
            tgt_mask = tgt_mask,
            memory_mask = memory_mask,
            tgt_key_padding_mask = tgt_key_padding_mask,
            memory_key_padding_mask = memory_key_padding_mask,
            tgt_is_causal = tgt_is_causal,
            memory_is_causal = memory_is_causal,
        )
    }
}
