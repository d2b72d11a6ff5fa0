//! What Python writes and a Rust parser stumbles on.

use proc_macro2::{Delimiter, Group, Spacing, TokenStream, TokenTree};

use crate::report::Errors;
use crate::suggest::part_of;

/// Python's comments, operators and slices.
pub(crate) fn python(tokens: TokenStream, errors: &Errors) {
    let mut tokens = tokens.into_iter().peekable();
    while let Some(token) = tokens.next() {
        match token {
            TokenTree::Group(group) if is_slice(&group) => errors.at(group, part_of("x", 0)),
            TokenTree::Group(group) => python(group.stream(), errors),
            TokenTree::Punct(punct) if punct.as_char() == '~' => {
                errors.at(punct, "write `logical_not(mask)` for `~mask`")
            }
            TokenTree::Punct(punct)
                if punct.as_char() == '#'
                    && !matches!(tokens.peek(), Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Bracket) =>
            {
                errors.at(punct, "a comment begins with `//`");
            }
            TokenTree::Punct(punct) if punct.as_char() == '@' => errors.at(punct, "write `matmul(a, b)` for `a @ b`"),
            TokenTree::Punct(punct) if punct.as_char() == '*' && punct.spacing() == Spacing::Joint => {
                let is_star = |next: &TokenTree| matches!(next, TokenTree::Punct(next) if next.as_char() == '*');
                if let Some(second) = tokens.next_if(is_star) {
                    let both: TokenStream = [TokenTree::from(punct), second].into_iter().collect();
                    errors.at(both, power_instead(tokens.peek()));
                }
            }
            _ => {}
        }
    }
}

/// What `**` in front of an exponent is here.
fn power_instead(exponent: Option<&TokenTree>) -> String {
    match exponent {
        Some(power @ (TokenTree::Literal(_) | TokenTree::Ident(_))) if power.to_string() != "2" => {
            format!("write `pow(x, {power})` for `x ** {power}`")
        }
        _ => "write `x * x` for `x ** 2`".to_string(),
    }
}

/// Whether brackets hold Python's `...`, `:`, `1:` or `:2` rather than the name of a layer and a colon.
fn is_slice(group: &Group) -> bool {
    let tokens: Vec<_> = group.stream().into_iter().collect();
    let is = |token: Option<&TokenTree>, symbol: char| matches!(token, Some(TokenTree::Punct(punct)) if punct.as_char() == symbol);
    let ends = |token: Option<&TokenTree>| token.is_none() || is(token, ',');
    let number = |token: Option<&TokenTree>| matches!(token, Some(TokenTree::Literal(_)));
    let colon = |place: usize| {
        let (before, after) = (place.checked_sub(1).and_then(|before| tokens.get(before)), tokens.get(place + 1));
        is(tokens.get(place), ':') && (ends(before) || ends(after) || number(before))
    };
    let dots = is(tokens.first(), '.') || is(tokens.last(), '.');
    group.delimiter() == Delimiter::Bracket && (dots || (0..tokens.len()).any(colon))
}
