//! A small GPT ([Radford et al. 2018](https://openai.com/index/language-unsupervised)), as in minGPT: it reads characters and scores the next one at each place.

use nn::prelude::*;

block! {
    /// Attention to what came before, then two linear layers, each behind a normalisation and with a way past it.
    pub GptBlock(width, heads) {
        ln_1: LayerNorm(width),
        attn: MultiheadAttention(width, heads),
        ln_2: LayerNorm(width),
        mlp: [Linear(width, 4 * width), GELU, Linear(4 * width, width)],
    }
    forward(x) {
        let h = ln_1(x);
        let (h, _) = attn(h, h, h, need_weights = false, is_causal = true);
        let x = x + h;
        x + mlp(ln_2(x))
    }
}

network! {
    /// 14 characters and their places to the scores of what comes next: one of 12 characters.
    pub struct Gpt: ([u32; 14], [u32; 14]) -> [12, 14] {
        wte: Embedding(12, 64),
        wpe: Embedding(14, 64),
        h: [GptBlock(64, 4); 2],
        ln_f: LayerNorm(64),
        lm_head: Linear(64, 12, bias = false),
    }
    forward(characters, places) {
        let x = wte(characters) + wpe(places);
        for block in h {
            x = block(x);
        }
        // The classes first: that is how CrossEntropyLoss takes them.
        transpose(lm_head(ln_f(x)), 1, 2)
    }
}
