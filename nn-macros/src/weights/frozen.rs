//! `include_frozen!`: a frozen network that was saved becomes a `static` while rustc compiles.
//!
//! The macro looks whether the file is whole; rustc, in a constant, whether it is of this network, and copies the numbers.

use nn_shape::packed::{Fault, Head};
use proc_macro2::TokenStream;
use quote::{ToTokens, quote, quote_spanned};
use syn::parse::{Parse, ParseStream};
use syn::spanned::Spanned;
use syn::{LitStr, Token, Type};

use super::{file_and_network, header};

/// `"lenet.frozen", LeNet5`
pub(crate) struct IncludeFrozen {
    file: LitStr,
    network: Type,
}

impl Parse for IncludeFrozen {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let (file, network) = file_and_network(input, "include_frozen!(\"lenet.frozen\", LeNet5)")?;
        input.parse::<Option<Token![,]>>()?;
        if input.is_empty() {
            Ok(IncludeFrozen { file, network })
        } else {
            Err(input.error("nothing follows the network: what was frozen is taken as it is"))
        }
    }
}

impl IncludeFrozen {
    pub(crate) fn expand(self) -> TokenStream {
        let text = self.file.value();
        self.tokens(&text).unwrap_or_else(|reason| {
            syn::Error::new(self.file.span(), format!("{text}: {reason}")).into_compile_error()
        })
    }

    fn tokens(&self, text: &str) -> Result<TokenStream, String> {
        let path = header::locate(text, &self.file)?;
        let bytes = std::fs::read(&path).map_err(|error| error.to_string())?;
        let head = Head::check(&bytes).map_err(|fault| match fault {
            Fault::Other => match text.ends_with(".safetensors") {
                true => {
                    "this is a file of weights: `include_weights!` takes it; `frozen.to_bytes()` gives a frozen network"
                        .to_owned()
                }
                false => "this is not a frozen network; `frozen.to_bytes()` gives the bytes of one".to_owned(),
            },
            Fault::Version => "it comes from another version of `nn`: freeze and save it again".to_owned(),
            Fault::Length { expected } => {
                format!("it should have {expected} bytes and has {}: was all of it copied?", bytes.len())
            }
            Fault::Damaged => "some of its bytes have changed since it was saved".to_owned(),
        })?;
        let (network, path) = (&self.network, path.to_string_lossy());
        let name = network.to_token_stream().to_string().replace(' ', "");
        let packed = if head.squares { quote!(PackedSquares) } else { quote!(Packed) };
        let packed = quote_spanned!(self.network.span()=> <#network as ::nn::Freeze>::#packed);
        // The file name is what rustc underlines.
        let check = quote_spanned! {self.file.span()=>
            ::nn::__private::frozen::check::<#network, #packed>(__FILE, #text, #name)
        };
        let included = quote_spanned! {self.network.span()=>
            static __FROZEN: ::nn::Frozen<#network, #packed> = ::nn::__private::frozen::include(__FILE);
        };
        Ok(quote! {{
            // As a constant it is not in the program a second time.
            #[allow(dead_code)]
            const __FILE: &[::core::primitive::u8] = ::core::include_bytes!(#path);
            // A free constant: rustc evaluates it in `cargo check`, too.
            const _: () = {
                const FROZEN: () = #check;
            };
            #included
            &__FROZEN
        }})
    }
}
