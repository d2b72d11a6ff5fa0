"""The transformer's layers, which are blocks of the library."""

from cases import Family
from families.attention import hides

cases = Family()


class Halved(dict):
    """All parameters halved, so that scores and what goes past normalisations stay small: PyTorch's own rounding is seen otherwise."""

    def __bool__(self):
        return True

    def __contains__(self, key):
        return key.startswith("param/") or super().__contains__(key)

    def __getitem__(self, key):
        return super().__getitem__(key) if super().__contains__(key) else lambda x: x / 2


def case(name, layers, forward, *inputs, given=None, **options):
    cases.graph(name, layers, forward, *inputs, **{"values": "full", "given": Halved(given or {})} | options)


ENCODER = "TransformerEncoderLayer(6, 3, dim_feedforward = 5, dropout = 0.0"
DECODER = "TransformerDecoderLayer(6, 3, dim_feedforward = 5, dropout = 0.0"

# One layer of an encoder.
case("encoder_layer", f"t: {ENCODER})", "(x) { t(x) }", [7, 6], f64=True)
case("encoder_layer_norm_first", f"t: {ENCODER}, norm_first = true)", "(x) { t(x) }", [7, 6], f64=True)
case("encoder_layer_gelu", f't: {ENCODER}, activation = "gelu")', "(x) { t(x) }", [7, 6])
case("encoder_layer_without_bias", f"t: {ENCODER}, bias = false)", "(x) { t(x) }", [7, 6])
case("encoder_layer_eps", f"t: {ENCODER}, layer_norm_eps = 0.25)", "(x) { t(x) }", [7, 6])
case("encoder_layer_positions", 't: TransformerEncoderLayer(4, 1, 3, 0.0, "gelu", 1e-3, true, true, false)', "(x) { t(x) }", [5, 4], f64=True)
case("encoder_layer_one", "t: TransformerEncoderLayer(3, 1, 1, 0.0)", "(x) { t(x) }", [1, 3], batch=1)
case("encoder_layer_mask", f"t: {ENCODER})", "(x, m) { t(x, m) }", [7, 6], [7, 7], given={"input1": hides}, f64=True)
case("encoder_layer_mask_by_name", f"t: {ENCODER}, norm_first = true)", "(x, m) { t(x, src_mask = m) }", [7, 6], [3, 7, 7])
case("encoder_layer_padding", f"t: {ENCODER})", "(x, p) { t(x, src_key_padding_mask = p) }", [7, 6], [7], given={"input1": hides})
case("encoder_layer_both", f"t: {ENCODER})", "(x, m, p) { t(x, m, p) }", [7, 6], [7, 7], [7], given={"input1": hides, "input2": hides})
case("encoder_layer_causal", f"t: {ENCODER})", "(x) { t(x, is_causal = true) }", [7, 6], f64=True)
case("encoder_layer_causal_none", f"t: {ENCODER})", "(x) { t(x, None, None, true) }", [7, 6])

# One layer of a decoder.
case("decoder_layer", f"t: {DECODER})", "(y, m) { t(y, m) }", [4, 6], [7, 6], f64=True)
case("decoder_layer_norm_first", f"t: {DECODER}, norm_first = true)", "(y, m) { t(y, m) }", [4, 6], [7, 6], f64=True)
case("decoder_layer_positions", 't: TransformerDecoderLayer(4, 2, 3, 0.0, "gelu", 1e-3, true, true, false)', "(y, m) { t(y, m) }", [5, 4], [1, 4])
case("decoder_layer_one", "t: TransformerDecoderLayer(3, 1, 1, 0.0)", "(y, m) { t(y, m) }", [1, 3], [2, 3], batch=1)
case("decoder_layer_causal", f"t: {DECODER})", "(y, m) { t(y, m, tgt_is_causal = true) }", [4, 6], [7, 6], f64=True)
case("decoder_layer_memory_causal", f"t: {DECODER})", "(y, m) { t(y, m, memory_is_causal = true) }", [4, 6], [7, 6])
case("decoder_layer_masks", f"t: {DECODER})", "(y, m, a, b) { t(y, m, a, b) }", [4, 6], [7, 6], [4, 4], [4, 7], given={"input2": hides, "input3": hides})
case("decoder_layer_paddings", f"t: {DECODER})", "(y, m, a, b) { t(y, m, tgt_key_padding_mask = a, memory_key_padding_mask = b) }", [4, 6], [7, 6], [4], [7], given={"input2": hides, "input3": hides})

# Stacks.
case("encoder", f"t: TransformerEncoder({ENCODER}), 2)", "(x) { t(x) }", [5, 6], f64=True)
case("encoder_norm", f"t: TransformerEncoder({ENCODER}, norm_first = true), num_layers = 3, norm = LayerNorm(6))", "(x) { t(x) }", [5, 6])
case("encoder_masks", f"t: TransformerEncoder({ENCODER}), 2)", "(x, m, p) { t(x, mask = m, src_key_padding_mask = p) }", [5, 6], [5, 5], [5], given={"input1": hides, "input2": hides}, f64=True)
case("encoder_causal", f"t: TransformerEncoder({ENCODER}), 2)", "(x) { t(x, is_causal = true) }", [5, 6])
case("decoder", f"t: TransformerDecoder({DECODER}), 2)", "(y, m) { t(y, m) }", [4, 6], [7, 6], f64=True)
case("decoder_norm_masks", f"t: TransformerDecoder({DECODER}), 2, norm = LayerNorm(6))", "(y, m, a, b) { t(y, m, memory_mask = a, memory_key_padding_mask = b, tgt_is_causal = true) }", [4, 6], [7, 6], [4, 7], [7], given={"input2": hides, "input3": hides})
case("transformer", "t: Transformer(6, 3, 2, 1, 5, 0.0)", "(x, y) { t(x, y) }", [7, 6], [4, 6], f64=True)
case("transformer_options", 't: Transformer(4, nhead = 2, num_encoder_layers = 1, num_decoder_layers = 2, dim_feedforward = 3, dropout = 0.0, activation = "gelu", layer_norm_eps = 1e-3, norm_first = true, bias = false)', "(x, y) { t(x, y) }", [3, 4], [5, 4])
case("transformer_masks", "t: Transformer(6, 3, 1, 2, 5, 0.0)", "(x, y, p) { t(x, y, src_key_padding_mask = p, memory_key_padding_mask = p, tgt_is_causal = true) }", [7, 6], [4, 6], [7], given={"input2": hides}, f64=True)
case("encoder_in_a_network", f"embed: Linear(2, 6), t: TransformerEncoder({ENCODER}), 1), head: Linear(6, 3)", "(x) { head(mean(t(embed(x)), dim = 1)) }", [5, 2])
