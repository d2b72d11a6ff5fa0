//! The table of layers in the documentation of the struct.

use proc_macro2::TokenStream;
use quote::quote;

use super::Context;

/// `#[doc]` attributes with a table of the layers, their output shapes, parameters and multiply-adds. `?` where only rustc knows.
pub(super) fn table(context: &Context<'_>) -> TokenStream {
    let number = |value: Option<usize>| value.map_or_else(|| "?".to_string(), |value| value.to_string());
    let mut lines = vec![
        String::new(),
        "| layer | | output | parameters | multiply-adds |".to_string(),
        "|---|---|---|--:|--:|".to_string(),
    ];
    let (mut parameters, mut macs) = (Some(0), Some(0));
    for (index, op) in context.network.ops.iter().enumerate() {
        let facts = context.facts.ops[index];
        macs = macs.zip(facts).map(|(sum, facts)| sum + facts.macs);
        let Some(layer) = op.layer else { continue };
        let layer = &context.network.layers[layer];
        let own = facts.map(|facts| if context.is_first_use(index) { facts.parameters } else { 0 });
        parameters = parameters.zip(own).map(|(sum, own)| sum + own);
        let output = context.facts.shapes[op.outputs[0]]
            .map_or_else(|| "?".to_string(), |shape| nn_shape::Message::new().shape(shape).as_str().to_string());
        lines.push(format!(
            "| `{}` | `{}` | `{output}` | {} | {} |",
            layer.key,
            layer.text,
            number(own),
            number(facts.map(|facts| facts.macs))
        ));
    }
    lines.push(format!("| total | | | {} | {} |", number(parameters), number(macs)));
    quote!(#(#[doc = #lines])*)
}
