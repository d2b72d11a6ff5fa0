//! What may be said behind the network.

use proc_macro2::{Ident, Span};
use syn::parse::{Parse, ParseStream};
use syn::punctuated::Punctuated;
use syn::{LitStr, Token, bracketed, parenthesized};

use super::numbers::Real;

/// `convert, prefix = "model.", rename = [("conv1", "features.0")]`, as `Weights` has it for loading.
#[derive(Debug, Default)]
pub(super) struct Options {
    pub(super) convert: Option<Real>,
    pub(super) prefix: Option<String>,
    /// The network's names, and the file's.
    rename: Option<Vec<(String, String)>>,
}

impl Parse for Options {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let mut options = Options::default();
        while !input.is_empty() {
            input.parse::<Token![,]>()?;
            if input.is_empty() {
                break;
            }
            let option: Ident = input.parse()?;
            let twice = match option.to_string().as_str() {
                "convert" => options.convert.replace(real(input)?).is_some(),
                "prefix" => {
                    input.parse::<Token![=]>()?;
                    options.prefix.replace(input.parse::<LitStr>()?.value()).is_some()
                }
                "rename" => {
                    input.parse::<Token![=]>()?;
                    options.rename.replace(table(input)?).is_some()
                }
                other => return Err(syn::Error::new(option.span(), unknown(other))),
            };
            if twice {
                return Err(syn::Error::new(option.span(), format!("`{option}` is given twice")));
            }
        }
        Ok(options)
    }
}

impl Options {
    /// The names of the network's tensors that are filled from the file's tensor of this name, without its prefix.
    pub(super) fn names(&self, key: &str) -> Vec<String> {
        let table = self.rename.as_deref().unwrap_or_default();
        let mut names: Vec<_> =
            table.iter().filter_map(|(from, to)| Some(format!("{from}{}", below(key, to)?))).collect();
        // The first row that fits a name is the one that renames it.
        names.retain(|name| self.key(name) == key);
        match names[..] {
            [] if self.key(key) == key => vec![key.to_string()],
            // No tensor of the network has this name in the file, nor this one.
            [] => vec![String::new()],
            _ => names,
        }
    }

    /// The name in the file.
    fn key(&self, name: &str) -> String {
        let table = self.rename.as_deref().unwrap_or_default();
        let renamed = table.iter().find_map(|(from, to)| Some(format!("{to}{}", below(name, from)?)));
        renamed.unwrap_or_else(|| name.to_string())
    }
}

/// What follows `beginning`, if it is the whole name or all up to a dot.
fn below<'a>(name: &'a str, beginning: &str) -> Option<&'a str> {
    name.strip_prefix(beginning).filter(|rest| rest.is_empty() || rest.starts_with('.'))
}

/// Nothing, for what most networks hold, or `= f64`.
fn real(input: ParseStream<'_>) -> syn::Result<Real> {
    if input.parse::<Option<Token![=]>>()?.is_none() {
        return Ok(Real::F32);
    }
    let element: Ident = input.parse()?;
    match element.to_string().as_str() {
        "f32" => Ok(Real::F32),
        "f64" => Ok(Real::F64),
        _ => Err(syn::Error::new(
            element.span(),
            "the network's numbers are `f32` or `f64`: `convert`, or `convert = f64`",
        )),
    }
}

/// `[("conv1", "features.0"), ...]`
fn table(input: ParseStream<'_>) -> syn::Result<Vec<(String, String)>> {
    let wanted = "names are told by a table, the network's first: `rename = [(\"conv1\", \"features.0\")]`; \
        a rule needs a program that runs: `Weights` has `.rename(..)`";
    let rows = || {
        let rows;
        bracketed!(rows in input);
        Punctuated::<Row, Token![,]>::parse_terminated(&rows)
    };
    let start: Span = input.span();
    let rows = rows().map_err(|_| syn::Error::new(start, wanted))?;
    Ok(rows.into_iter().map(|Row(network, file)| (network.value(), file.value())).collect())
}

/// `("conv1", "features.0")`
struct Row(LitStr, LitStr);

impl Parse for Row {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let row;
        parenthesized!(row in input);
        let network = row.parse()?;
        row.parse::<Token![,]>()?;
        let file = row.parse()?;
        row.parse::<Option<Token![,]>>()?;
        if row.is_empty() { Ok(Row(network, file)) } else { Err(row.error("a row has two names")) }
    }
}

fn unknown(option: &str) -> String {
    let have = "`include_weights!` has `convert`, `prefix = \"model.\"` and `rename = [(\"conv1\", \"features.0\")]`";
    match option {
        "strict" => {
            "a network in the program has all its weights from the file; load it while the program runs: `Weights` has `.strict(false)`"
                .to_string()
        }
        "rename_map" => format!("it is `rename` here: {have}"),
        _ => format!("no option `{option}`: {have}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn options(text: &str) -> Result<Options, String> {
        syn::parse_str(text).map_err(|error| error.to_string())
    }

    #[test]
    fn names_are_found_from_the_files() {
        let renamed = options(r#", rename = [("conv1", "features.0"), ("fc.weight", "classifier.weight"),]"#).unwrap();
        assert_eq!(renamed.names("features.0.weight"), ["conv1.weight"]);
        assert_eq!(renamed.names("features.0"), ["conv1"]);
        assert_eq!(renamed.names("features.01.weight"), ["features.01.weight"]);
        assert_eq!(renamed.names("classifier.weight"), ["fc.weight"]);
        assert_eq!(renamed.names("classifier.bias"), ["classifier.bias"]);
        // In the file `conv1` is another tensor, which the network does not take.
        assert_eq!(renamed.names("conv1.weight"), [""]);
        let swapped = options(r#", rename = [("a", "b"), ("b", "a")]"#).unwrap();
        assert_eq!((swapped.names("a.x"), swapped.names("b.x")), (vec!["b.x".into()], vec!["a.x".into()]));
        let shared = options(r#", rename = [("encoder", "table"), ("decoder", "table")]"#).unwrap();
        assert_eq!(shared.names("table.weight"), ["encoder.weight", "decoder.weight"]);
        // The first row wins, as in `rename_map`.
        let twice = options(r#", rename = [("a", "b"), ("a.x", "c")]"#).unwrap();
        assert_eq!((twice.names("b.x"), twice.names("c")), (vec!["a.x".into()], vec!["c".into()]));
    }

    #[test]
    fn options_are_what_they_say() {
        assert_eq!(options(", convert").unwrap().convert, Some(Real::F32));
        assert_eq!(options(", convert = f64, prefix = \"model.\",").unwrap().convert, Some(Real::F64));
        let wrong = [
            (", convert, convert", "`convert` is given twice"),
            (", convert = f16", "`f32` or `f64`"),
            (", strict = false", ".strict(false)"),
            (", rename_map = []", "it is `rename` here"),
            (", preffix = \"a\"", "no option `preffix`"),
            (", rename = |name| name", ".rename(..)"),
            (", rename = [(\"a\")]", "a table"),
            (", rename = [(\"a\", \"b\", \"c\")]", "a table"),
            (", prefix = model", "string literal"),
            (" convert", "expected `,`"),
        ];
        for (text, message) in wrong {
            let error = options(text).unwrap_err();
            assert!(error.contains(message), "{text}: {error}");
        }
    }
}
