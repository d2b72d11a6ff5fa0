"""A network in the nn language, read as PyTorch.

The language uses PyTorch's own words, so that one text serves both sides: the generated Rust test hands it to `network!`, and this
module evaluates it with torch.nn. Few things need translating: `true` and `false`, `let`, the last expression as the result, `_` for
an inferred size (torch's lazy layers).
"""

import math
import re

import torch
import torch.nn.functional as F
from torch import nn

FUNCTIONS = (
    "abs add amax amin argmax argmin bmm cat channel_shuffle chunk clamp exp flatten flip log matmul max mean min narrow permute pixel_shuffle pixel_unshuffle pow reshape roll select sigmoid softmax split sqrt squeeze stack sum tanh topk transpose unflatten unsqueeze"
).split()
FUNCTIONALS = (
    "adaptive_avg_pool2d avg_pool2d fold fractional_max_pool2d gelu interpolate leaky_relu log_softmax lp_pool2d max_pool2d max_unpool2d pad relu unfold "
    "cosine_similarity glu group_norm instance_norm layer_norm local_response_norm normalize pairwise_distance rms_norm "
    "adaptive_avg_pool1d adaptive_avg_pool3d adaptive_max_pool1d adaptive_max_pool2d adaptive_max_pool3d avg_pool1d avg_pool3d celu dropout dropout1d "
    "dropout2d dropout3d elu fractional_max_pool3d hardshrink hardsigmoid hardswish hardtanh logsigmoid lp_pool1d lp_pool3d max_pool1d max_pool3d max_unpool1d max_unpool3d "
    "mish relu6 selu silu softmin softplus softshrink softsign tanhshrink threshold "
    "scaled_dot_product_attention grid_sample gumbel_softmax rrelu".split()
)

WORDS = {"true": True, "false": False, "None": None, "INFINITY": math.inf, "NEG_INFINITY": -math.inf}
WORDS |= {name: getattr(torch, name) for name in FUNCTIONS}
WORDS |= {name: getattr(F, name) for name in FUNCTIONALS}
WORDS |= {
    name: getattr(torch, name)
    for name in "clip concat cos divide erf expm1 ge log1p maximum minimum multiply reciprocal rsqrt sin square subtract swapaxes".split()
}
WORDS |= {name: getattr(F, name) for name in "alpha_dropout feature_alpha_dropout upsample upsample_bilinear upsample_nearest".split()}
# Truth values are whole numbers here, 0 and others; attention is given PyTorch's own masks of truth values.
WORDS |= {"masked_fill": lambda x, mask, value: x.masked_fill(mask.bool(), value)}
WORDS |= {"float": lambda mask: mask.float()}
WORDS |= {"where": lambda mask, a, b: torch.where(mask.bool(), a, b)}
WORDS |= {"logical_not": lambda mask: torch.logical_not(mask).long(), "additive_mask": lambda mask: mask.bool()}
WORDS |= {
    f"logical_{name}": lambda a, b, function=getattr(torch, f"logical_{name}"): function(a, b).long() for name in ["and", "or", "xor"]
}
WORDS |= {"expand": torch.Tensor.expand, "repeat": torch.Tensor.repeat, "view": torch.Tensor.view}
# A weight for each sample.
WORDS |= {"prelu": lambda x, weight: torch.stack([F.prelu(x[i : i + 1], weight[i])[0] for i in range(len(x))])}
# The rows of each sample.
WORDS |= {"pdist": lambda x, p=2.0: torch.stack([F.pdist(rows, p) for rows in x])}
# -1 is the batch.
WORDS |= {"affine_grid": lambda theta, size, align_corners=False: F.affine_grid(theta, (len(theta), *size[1:]), align_corners)}
# Numbers, as in our language.
WORDS |= {"one_hot": lambda indices, num_classes: F.one_hot(indices, num_classes).float()}


def scaled_dot_product_attention(query, key, value, attn_mask=None, **options):
    """What a mask of truth values leaves out in nn.MultiheadAttention, it lets in here."""
    if attn_mask is not None and attn_mask.dtype == torch.bool:
        attn_mask = ~attn_mask
    return F.scaled_dot_product_attention(query, key, value, attn_mask, **options)


WORDS |= {"scaled_dot_product_attention": scaled_dot_product_attention}


# Another way to compute the same, without gradients.
torch.backends.mha.set_fastpath_enabled(False)


class MultiheadAttention(nn.MultiheadAttention):
    """With the batch in front, a mask for each sample, and `is_causal` instead of a mask."""

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.batch_first = True

    def forward(self, query, key, value, *args, attn_mask=None, is_causal=False, **options):
        attn_mask = mask_of(attn_mask, is_causal, query, key, self.num_heads)
        output, weights = super().forward(query, key, value, *args, attn_mask=attn_mask, **options)
        return output, torch.zeros(len(output), 0, dtype=output.dtype) if weights is None else weights


class EmbeddingBag(nn.EmbeddingBag):
    """With the batch in front: each sample has bags of its own."""

    def forward(self, input, offsets=None, per_sample_weights=None):
        if offsets is None and input.dim() == 2:
            return super().forward(input, None, per_sample_weights)
        weights = per_sample_weights
        samples = range(len(input))
        pick = lambda values, sample: None if values is None else values[sample]
        return torch.stack([super(EmbeddingBag, self).forward(input[s], pick(offsets, s), pick(weights, s)) for s in samples])


class AdaptiveLogSoftmaxWithLoss(nn.AdaptiveLogSoftmaxWithLoss):
    """A class for each row of a sample; without classes, all of them."""

    def forward(self, input, target=None):
        rows = input.flatten(0, -2)
        if target is None:
            return self.log_prob(rows).unflatten(0, input.shape[:-1])
        return super().forward(rows, target.flatten()).output.unflatten(0, target.shape)


def mask_of(mask, is_causal, query, key, heads):
    """PyTorch's mask of masks for each sample, or for each sample and head."""
    if mask is not None and mask.dim() == 3:
        mask = mask.repeat_interleave(heads, 0)
    elif mask is not None:
        mask = mask.flatten(0, 1)
    if is_causal:
        causal = torch.full((query.shape[1], key.shape[1]), float("-inf"), dtype=query.dtype).triu(1)
        mask = causal if mask is None else mask + causal
    return mask


class TransformerEncoderLayer(nn.TransformerEncoderLayer):
    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.self_attn.batch_first = True

    def forward(self, src, src_mask=None, src_key_padding_mask=None, is_causal=False):
        mask = mask_of(src_mask, is_causal, src, src, self.self_attn.num_heads)
        return super().forward(src, mask, src_key_padding_mask)


class TransformerDecoderLayer(nn.TransformerDecoderLayer):
    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.self_attn.batch_first = self.multihead_attn.batch_first = True

    def forward(self, tgt, memory, tgt_mask=None, memory_mask=None, tgt_key_padding_mask=None, memory_key_padding_mask=None, tgt_is_causal=False, memory_is_causal=False):
        heads = self.self_attn.num_heads
        masks = mask_of(tgt_mask, tgt_is_causal, tgt, tgt, heads), mask_of(memory_mask, memory_is_causal, tgt, memory, heads)
        return super().forward(tgt, memory, *masks, tgt_key_padding_mask, memory_key_padding_mask)


class TransformerEncoder(nn.TransformerEncoder):
    def __init__(self, encoder_layer, num_layers, norm=None):
        super().__init__(encoder_layer, num_layers, norm, enable_nested_tensor=False)


def transformer(d_model=512, nhead=8, num_encoder_layers=6, num_decoder_layers=6, dim_feedforward=2048, dropout=0.1, activation="relu", **options):
    arguments = d_model, nhead, dim_feedforward, dropout, activation
    layers = TransformerEncoderLayer(*arguments, **options), TransformerDecoderLayer(*arguments, **options)
    norms = [nn.LayerNorm(d_model, options.get("layer_norm_eps", 1e-5), bias=options.get("bias", True)) for _ in layers]
    stacks = TransformerEncoder(layers[0], num_encoder_layers, norms[0]), nn.TransformerDecoder(layers[1], num_decoder_layers, norms[1])
    return nn.Transformer(d_model, nhead, custom_encoder=stacks[0], custom_decoder=stacks[1], batch_first=True)


def batch_in_front(kind):
    """A recurrent layer whose batch is in front everywhere, of the states too."""

    class Recurrent(kind):
        def forward(self, x, state=None):
            self.batch_first = True
            turn = lambda s: tuple(turn(part) for part in s) if isinstance(s, tuple) else s.transpose(0, 1).contiguous()
            y, state = super().forward(x, None if state is None else turn(state))
            return y, turn(state)

    return Recurrent


# What is called differently than in torch.nn.
OWN = {kind.__name__: kind for kind in [MultiheadAttention, EmbeddingBag, AdaptiveLogSoftmaxWithLoss, TransformerEncoderLayer, TransformerDecoderLayer, TransformerEncoder]}
OWN |= {"Transformer": transformer} | {kind.__name__: batch_in_front(kind) for kind in (nn.RNN, nn.GRU, nn.LSTM)}
# The layers of layers: what may stand inside of an argument.
WORDS |= OWN | {"LayerNorm": nn.LayerNorm}


def tensor(*sizes, batch_axis=False):
    """`Parameter(2, 3)`, `Parameter((2, 3))` or `Parameter(ones(2, 3))`."""
    return sizes[0] if sizes and isinstance(sizes[0], torch.Tensor) else torch.zeros(*sizes)


OWN |= {"Parameter": lambda *sizes, **options: nn.Parameter(tensor(*sizes, **options))}
OWN |= {"Buffer": lambda *sizes, **options: nn.Buffer(tensor(*sizes, **options))}
WORDS |= {name: getattr(torch, name) for name in "zeros ones full randn rand empty".split()}


class Layers:
    """torch.nn, and what is called differently there."""

    def __getattr__(self, name):
        return OWN.get(name) or getattr(nn, name)


class Sequential(nn.Sequential):
    """`(Layer(..), Layer(..))`."""

    def __init__(self, layers):
        super().__init__(*(layer(text) for text in top_level(layers)))

    @staticmethod
    def rust(layers):
        return f"({', '.join(top_level(layers))});"


class Graph(nn.Module):
    """`{ name: Layer(..), .. } forward(x) { .. }`."""

    def __init__(self, layers, forward):
        super().__init__()
        names = dict(WORDS)
        self.own, self.batched, self.names = [], set(), names
        for text in top_level(layers):
            attribute, name, value = re.fullmatch(r"(?:#\[(.*?)\])?\s*(\w+):(.*)", text).groups()
            module = layer(value)
            if attribute == "frozen":
                for parameter in [module] if isinstance(module, nn.Parameter) else module.parameters():
                    parameter.requires_grad = False
            elif attribute:
                dim = None if "None" in attribute else 0
                nn.utils.parametrizations.weight_norm(module, dim=dim)
            setattr(self, name.strip(), module)
            names[name.strip()] = module
            self.own += [name.strip()] if isinstance(module, torch.Tensor) else []
            self.batched |= {name.strip()} if "batch_axis = true" in value else set()
        inputs, body = re.fullmatch(r"\s*\(([^)]*)\)\s*\{(.*)\}\s*", python(forward), re.S).groups()
        *statements, result = (s.strip() for s in body.split(";"))
        lines = [re.sub(r"^let ", "", s) for s in statements] + [f"return {result}"]
        exec(f"def forward({inputs}):\n" + "".join(f"    {line}\n" for line in lines), names)
        self.run = names["forward"]

    def forward(self, *inputs):
        for name in self.own:
            value = getattr(self, name)
            # PyTorch's batch of size 1 is as long as that of the inputs.
            self.names[name] = value.expand(len(inputs[0]), *value.shape[1:]) if name in self.batched else value
        return self.run(*inputs)

    @staticmethod
    def rust(layers, forward):
        lines = "".join(f"            {text},\n" for text in top_level(layers))
        inputs, body = re.fullmatch(r"\s*\(([^)]*)\)\s*\{(.*)\}\s*", forward, re.S).groups()
        *statements, result = (s.strip() for s in body.split(";"))
        code = "".join(f"            {s};\n" for s in statements) + f"            {result}\n"
        return f"{{\n{lines}        }}\n        forward({inputs}) {{\n{code}        }}"


def python(text):
    """Rust's names of numbers in Python."""
    return text.replace("f64::", "")


def layer(text):
    """`Conv2d(3, 4, 5, bias = false)`, `Linear(_, 3)` or `ReLU`; `[A, B]`, `[A; 3]`; `{ a: A, b: B }`."""
    text = python(text.strip())
    if text.startswith("["):
        text, repeated, count = text[1:-1].rpartition(";")
        parts = [layer(text) for _ in range(int(count))] if repeated else [layer(part) for part in top_level(count)]
        return nn.ParameterList(parts) if isinstance(parts[0], nn.Parameter) else nn.ModuleList(parts)
    if text.startswith("{"):
        parts = [part.split(":", 1) for part in top_level(text[1:-1])]
        parts = {name.strip(): layer(part) for name, part in parts}
        dict_of = nn.ParameterDict if isinstance(next(iter(parts.values())), nn.Parameter) else nn.ModuleDict
        # nn.ParameterDict sorts what a plain dict holds.
        made = dict_of()
        for name, part in parts.items():
            made[name] = part
        return made
    if not text.endswith(")"):
        text += "()"
    text = re.sub(r"^(\w+)\(_, ", r"Lazy\1(", text)
    return eval(f"nn.{text}", {"nn": Layers(), **WORDS})


def top_level(text):
    """The pieces of a list, cut at the commas outside of brackets."""
    pieces, depth, piece = [], 0, ""
    for c in text:
        depth += (c in "([{") - (c in ")]}")
        if c == "," and depth == 0:
            pieces.append(piece)
            piece = ""
        else:
            piece += c
    pieces.append(piece)
    return [" ".join(p.split()) for p in pieces if p.strip()]
