"""MultiheadAttention and scaled_dot_product_attention."""

import torch

from cases import Family

cases = Family()


def case(name, layers, forward, *inputs, **options):
    cases.graph(name, layers, forward, *inputs, **{"values": "full"} | options)


def hides(mask):
    """Some places hidden, but never the first."""
    hidden = mask > 0.5
    hidden[..., 0] = False
    return mask.masked_fill(hidden, float("-inf"))


def all_hidden(mask):
    """The first row hidden altogether."""
    mask = hides(mask)
    mask[:, ..., 0, :] = float("-inf")
    return mask


BOTH = "(q, k, v) { let (y, w) = attn(q, k, v); (y, w) }"
ITSELF = "(x) { let (y, w) = attn(x, x, x); (y, w) }"

# Lengths and heads.
case("itself", "attn: MultiheadAttention(4, 2)", ITSELF, [5, 4], f64=True)
case("three_values", "attn: MultiheadAttention(6, 3)", BOTH, [5, 6], [7, 6], [7, 6], f64=True)
case("one_head", "attn: MultiheadAttention(5, 1)", BOTH, [3, 5], [2, 5], [2, 5])
case("heads_of_one", "attn: MultiheadAttention(3, num_heads = 3)", BOTH, [4, 3], [3, 3], [3, 3])
case("one_query", "attn: MultiheadAttention(6, 3)", BOTH, [1, 6], [7, 6], [7, 6])
case("one_key", "attn: MultiheadAttention(6, 3)", BOTH, [7, 6], [1, 6], [1, 6])
case("one_of_each", "attn: MultiheadAttention(1, 1)", BOTH, [1, 1], [1, 1], [1, 1], batch=1)
case("batch_1", "attn: MultiheadAttention(8, 2)", BOTH, [3, 8], [4, 8], [4, 8], batch=1)
case("key_is_value", "attn: MultiheadAttention(4, 2)", "(q, m) { let (y, w) = attn(q, m, m); (y, w) }", [3, 4], [5, 4])
case("larger_than_a_tile", "attn: MultiheadAttention(34, 2)", BOTH, [19, 34], [67, 34], [67, 34], batch=2, given={"param/attn.in_proj_weight": lambda x: x / 8}, f64=True)
case("many_keys", "attn: MultiheadAttention(2, 1)", BOTH, [3, 2], [300, 2], [300, 2], batch=2, f64=True)

# Features.
case("without_bias", "attn: MultiheadAttention(4, 2, bias = false)", BOTH, [3, 4], [5, 4], [5, 4], f64=True)
case("kdim", "attn: MultiheadAttention(6, 3, kdim = 5)", BOTH, [4, 6], [7, 5], [7, 6])
case("vdim", "attn: MultiheadAttention(6, 3, vdim = 1)", BOTH, [4, 6], [7, 6], [7, 1])
case("kdim_vdim", "attn: MultiheadAttention(4, 2, kdim = 3, vdim = 7)", BOTH, [3, 4], [5, 3], [5, 7], f64=True)
case("kdim_vdim_without_bias", "attn: MultiheadAttention(4, 1, bias = false, kdim = 3, vdim = 3)", BOTH, [3, 4], [5, 3], [5, 3])
case("kdim_is_embed_dim", "attn: MultiheadAttention(4, 2, kdim = 4, vdim = 4)", BOTH, [3, 4], [5, 4], [5, 4])
case("bias_kv", "attn: MultiheadAttention(4, 2, add_bias_kv = true)", BOTH, [3, 4], [5, 4], [5, 4], f64=True)
case("zero_attn", "attn: MultiheadAttention(4, 2, add_zero_attn = true)", BOTH, [3, 4], [5, 4], [5, 4])
case("bias_kv_zero_attn", "attn: MultiheadAttention(6, 3, 0.0, false, true, true)", BOTH, [1, 6], [7, 6], [7, 6], f64=True)
case(
    "bias_kv_zero_attn_kdim_masks",
    "attn: MultiheadAttention(6, 3, add_bias_kv = true, add_zero_attn = true, kdim = 2, vdim = 5)",
    "(q, k, v, m, p) { let (y, w) = attn(q, k, v, attn_mask = m, key_padding_mask = p); (y, w) }",
    [3, 6], [4, 2], [4, 5], [3, 4], [4],
    given={"input3": hides, "input4": hides}, f64=True,
)
case("batch_first", "attn: MultiheadAttention(4, 2, batch_first = true)", ITSELF, [3, 4])
case("all_arguments", "attn: MultiheadAttention(4, 2, 0.0, true, true, true, 3, 5, true)", BOTH, [3, 4], [5, 3], [5, 5])

# What is wanted of the weights.
case("weights_of_each_head", "attn: MultiheadAttention(6, 3)", "(q, k, v) { let (y, w) = attn(q, k, v, average_attn_weights = false); (y, w) }", [5, 6], [7, 6], [7, 6], f64=True)
case("weights_unused", "attn: MultiheadAttention(6, 3)", "(q, k, v) { let (y, _) = attn(q, k, v); y }", [5, 6], [7, 6], [7, 6])
case("weights_only", "attn: MultiheadAttention(6, 2)", "(q, k, v) { let (_, w) = attn(q, k, v); w }", [5, 6], [7, 6], [7, 6])
case("without_weights", "attn: MultiheadAttention(6, 3)", "(q, k, v) { let (y, _) = attn(q, k, v, need_weights = false); y }", [5, 6], [7, 6], [7, 6], f64=True)

# Masks.
MASKED = "(x, m) { let (y, w) = attn(x, x, x, attn_mask = m); (y, w) }"
PADDED = "(x, p) { let (y, w) = attn(x, x, x, key_padding_mask = p); (y, w) }"
case("attn_mask", "attn: MultiheadAttention(6, 3)", MASKED, [5, 6], [5, 5], f64=True)
case("attn_mask_infinite", "attn: MultiheadAttention(6, 3)", MASKED, [5, 6], [5, 5], given={"input1": hides}, f64=True)
case("attn_mask_of_each_head", "attn: MultiheadAttention(6, 3)", MASKED, [5, 6], [3, 5, 5], given={"input1": hides}, f64=True)
case("attn_mask_rectangular", "attn: MultiheadAttention(4, 2)", "(q, k, m) { let (y, w) = attn(q, k, k, attn_mask = m); (y, w) }", [3, 4], [7, 4], [3, 7], given={"input2": hides})
case("key_padding_mask", "attn: MultiheadAttention(6, 3)", PADDED, [5, 6], [5], f64=True)
case("key_padding_mask_infinite", "attn: MultiheadAttention(6, 3)", PADDED, [5, 6], [5], given={"input1": hides})
case("both_masks", "attn: MultiheadAttention(6, 3)", "(x, p, m) { let (y, w) = attn(x, x, x, p, attn_mask = m); (y, w) }", [5, 6], [5], [5, 5], given={"input1": hides, "input2": hides}, f64=True)
case("both_masks_without_weights", "attn: MultiheadAttention(6, 3)", "(x, p, m) { let (y, _) = attn(x, x, x, attn_mask = m, key_padding_mask = p, need_weights = false); y }", [5, 6], [5], [5, 5], given={"input1": hides, "input2": hides})
case("mask_is_computed", "attn: MultiheadAttention(4, 2), bias: Linear(4, 5)", "(x) { let (y, _) = attn(x, x, x, attn_mask = bias(x)); y }", [5, 4], f64=True)
case("mask_is_an_operand", "attn: MultiheadAttention(3, 1)", "(x) { let (y, w) = attn(x, x, x, attn_mask = x); (y, w) }", [3, 3])
case("row_hidden", "attn: MultiheadAttention(4, 2)", "(x, m) { let (y, _) = attn(x, x, x, attn_mask = m, need_weights = false); y }", [5, 4], [5, 5], given={"input1": all_hidden})
case("row_hidden_with_weights", "attn: MultiheadAttention(4, 2)", MASKED, [5, 4], [5, 5], given={"input1": all_hidden})
case("causal", "attn: MultiheadAttention(4, 2)", "(x) { let (y, w) = attn(x, x, x, is_causal = true); (y, w) }", [5, 4], f64=True)
case("causal_longer", "attn: MultiheadAttention(4, 2)", "(q, k) { let (y, w) = attn(q, k, k, is_causal = true); (y, w) }", [3, 4], [7, 4])
case("causal_shorter", "attn: MultiheadAttention(4, 2)", "(q, k) { let (y, w) = attn(q, k, k, is_causal = true); (y, w) }", [7, 4], [3, 4])
case("causal_bias_kv", "attn: MultiheadAttention(4, 2, add_bias_kv = true, add_zero_attn = true)", "(x) { let (y, w) = attn(x, x, x, is_causal = true); (y, w) }", [4, 4])
case("causal_padded", "attn: MultiheadAttention(4, 2)", "(x, p) { let (y, w) = attn(x, x, x, key_padding_mask = p, is_causal = true); (y, w) }", [5, 4], [5], given={"input1": hides})

# In networks.
case("shared", "attn: MultiheadAttention(4, 2)", "(a, b) { let (a, _) = attn(a, b, b); let (b, _) = attn(b, a, a); a + b }", [3, 4], [3, 4], f64=True)
case("residual", "attn: MultiheadAttention(4, 2), fc: Linear(4, 4)", "(x) { let (y, _) = attn(x, x, x, need_weights = false); let x = x + y; x + relu(fc(x)) }", [3, 4])

# The function.
F3 = "(q, k, v) { scaled_dot_product_attention(q, k, v) }"
case("function", "", F3, [5, 4], [7, 4], [7, 3], f64=True)
case("function_heads", "", F3, [3, 5, 4], [3, 7, 4], [3, 7, 2], f64=True)
case("function_heads_of_heads", "", F3, [2, 3, 5, 4], [2, 3, 2, 4], [2, 3, 2, 1])
case("function_one", "", F3, [1, 1], [1, 1], [1, 1], batch=1)
case("function_itself", "", "(x) { scaled_dot_product_attention(x, x, x) }", [4, 3])
case("function_scale", "", "(q, k, v) { scaled_dot_product_attention(q, k, v, scale = 0.25) }", [5, 4], [7, 4], [7, 3], f64=True)
case("function_causal", "", "(q, k, v) { scaled_dot_product_attention(q, k, v, is_causal = true) }", [2, 5, 4], [2, 7, 4], [2, 7, 3])
case("function_mask", "", "(q, k, v, m) { scaled_dot_product_attention(q, k, v, m) }", [5, 4], [7, 4], [7, 3], [5, 7], given={"input3": hides}, f64=True)
case("function_mask_by_name", "", "(q, k, v, m) { scaled_dot_product_attention(q, k, v, attn_mask = m, dropout_p = 0.0) }", [2, 5, 4], [2, 7, 4], [2, 7, 3], [2, 5, 7])
case("function_mask_for_all_heads", "", "(q, k, v, m) { scaled_dot_product_attention(q, k, v, m) }", [2, 5, 4], [2, 7, 4], [2, 7, 3], [1, 5, 7], f64=True)
case("function_mask_of_keys", "", "(q, k, v, m) { scaled_dot_product_attention(q, k, v, m) }", [2, 5, 4], [2, 7, 4], [2, 7, 3], [1, 1, 7], f64=True)
case("function_mask_of_queries", "", "(q, k, v, m) { scaled_dot_product_attention(q, k, v, m) }", [2, 5, 4], [2, 7, 4], [2, 7, 3], [2, 5, 1])
case("function_row_hidden", "", "(q, k, v, m) { scaled_dot_product_attention(q, k, v, m) }", [5, 4], [7, 4], [7, 3], [5, 7], given={"input3": all_hidden})
case("function_grouped", "", "(q, k, v) { scaled_dot_product_attention(q, k, v, enable_gqa = true) }", [6, 5, 4], [2, 3, 4], [2, 3, 7], f64=True)
