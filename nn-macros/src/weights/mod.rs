//! `include_weights!`: the tensors of a file become a network while rustc compiles.
//!
//! The macro reads the file's header only. What it emits makes rustc compare the header with the network (a constant that fails to evaluate)
//! and copy the tensors to their places in the struct (one operation for each). Numbers that are to be converted it reads, too, and gives rustc
//! all tensors in one literal.

mod frozen;
mod header;
mod json;
mod numbers;
mod options;

use std::path::Path;

use proc_macro2::{Literal, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::parse::{Parse, ParseStream};
use syn::{LitStr, Token, Type};

pub(crate) use frozen::IncludeFrozen;
use header::Tensor;
use options::Options;

/// `"lenet.safetensors", LeNet5, convert, prefix = "model.", rename = [("conv1", "features.0")]`
pub(crate) struct Include {
    file: LitStr,
    network: Type,
    options: Options,
}

impl Parse for Include {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let (file, network) = file_and_network(input, "include_weights!(\"lenet.safetensors\", LeNet5)")?;
        Ok(Include { file, network, options: input.parse()? })
    }
}

/// What both macros begin with.
fn file_and_network(input: ParseStream<'_>, example: &str) -> syn::Result<(LitStr, Type)> {
    let start = input.span();
    if !input.peek(LitStr) {
        let message = format!("the file comes first, as a literal, for it is read while rustc compiles: `{example}`");
        return Err(syn::Error::new(start, message));
    }
    let file: LitStr = input.parse()?;
    if input.is_empty() {
        return Err(syn::Error::new(file.span(), format!("of which network is it? `{example}`")));
    }
    if !input.peek(Token![,]) {
        return Err(input.error("a `,` is missing in front of this"));
    }
    input.parse::<Token![,]>()?;
    if input.is_empty() {
        return Err(syn::Error::new(file.span(), format!("of which network is it? `{example}`")));
    }
    Ok((file, input.parse()?))
}

impl Include {
    pub(crate) fn expand(self) -> TokenStream {
        let text = self.file.value();
        let expansion = header::locate(&text, &self.file).and_then(|path| self.tokens(&text, &path));
        expansion.unwrap_or_else(|reason| {
            syn::Error::new(self.file.span(), format!("{text}: {reason}")).into_compile_error()
        })
    }

    fn tokens(&self, text: &str, path: &Path) -> Result<TokenStream, String> {
        let header = header::read(path).map_err(|reason| match text.ends_with(".frozen") {
            true => "it is no file of weights: `include_frozen!` takes what `frozen.to_bytes()` gave".to_owned(),
            false => reason,
        })?;
        let prefix = self.options.prefix.as_deref().unwrap_or_default();
        let chosen: Vec<_> = header.tensors.iter().filter(|tensor| tensor.name.starts_with(prefix)).collect();
        if chosen.is_empty() && !prefix.is_empty() {
            return Err(format!("none of its tensors has a name that begins with `{prefix}`"));
        }
        let source = match self.options.convert {
            Some(to) if chosen.iter().any(|tensor| to.changes(&tensor.dtype)) => {
                numbers::convert(path, &header, &chosen, to)?
            }
            _ => numbers::as_they_are(&header, &chosen),
        };
        let mut entries = Vec::new();
        for (tensor, Place { dtype, begin }) in chosen.iter().zip(&source.places) {
            let Tensor { name, shape, .. } = tensor;
            let key = &name[prefix.len()..];
            for own in self.options.names(key) {
                let hash = hash(&own);
                // It is shown where the network has no such tensor.
                let shown = match own.as_str() {
                    "" => name.clone(),
                    own if own == key => name.clone(),
                    own => format!("{name}, renamed to {own}"),
                };
                let entry = quote! {
                    ::nn::__private::layout::Included {
                        hash: #hash, name: #shown, dtype: #dtype, shape: &[#(#shape),*], begin: #begin,
                    }
                };
                entries.push((hash, entry));
            }
        }
        entries.sort_by_key(|(hash, _)| *hash);
        let entries: Vec<_> = entries.into_iter().map(|(_, entry)| entry).collect();
        Ok(self.emit(text, path, &entries, source.literal.as_deref()))
    }

    fn emit(&self, text: &str, path: &Path, entries: &[TokenStream], literal: Option<&[u8]>) -> TokenStream {
        let (network, path) = (&self.network, path.to_string_lossy());
        let name = network.to_token_stream().to_string().replace(' ', "");
        // The file name is what rustc underlines.
        let check = quote_spanned! {self.file.span()=>
            ::nn::__private::layout::check::<#network>(#text, #name, __ENTRIES)
        };
        let bytes = match literal.map(Literal::byte_string) {
            Some(literal) => quote!(#literal),
            None => quote!(__FILE),
        };
        quote! {{
            const __ENTRIES: &[::nn::__private::layout::Included] = &[#(#entries),*];
            // A free constant: rustc evaluates it in `cargo check`, too.
            const _: () = {
                const WEIGHTS: () = #check;
            };
            // `include_bytes!` has the file read again when it changes; as a constant it is not in the program a second time.
            #[allow(dead_code)]
            const __FILE: &[::core::primitive::u8] = ::core::include_bytes!(#path);
            static __NETWORK: #network = ::nn::__private::layout::include::<#network>(#bytes, __ENTRIES);
            &__NETWORK
        }}
    }
}

/// What rustc copies the tensors from: the file, or a literal.
struct Source {
    /// Of each tensor.
    places: Vec<Place>,
    literal: Option<Vec<u8>>,
}

/// A tensor there.
struct Place {
    dtype: String,
    begin: usize,
}

/// As `hash` in nn-core's `layout`.
fn hash(name: &str) -> u64 {
    let step = |hash: u64, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
    name.bytes().fold(0xcbf2_9ce4_8422_2325, step)
}
