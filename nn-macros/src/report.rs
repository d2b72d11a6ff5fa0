//! The errors of one expansion, collected.

use std::cell::RefCell;

use proc_macro2::TokenStream;
use quote::{ToTokens, format_ident, quote};
use syn::{Ident, Visibility};

/// Collects errors, so that a user sees all of them at once.
pub(crate) struct Errors(RefCell<Option<Vec<syn::Error>>>);

impl Errors {
    pub(crate) fn new() -> Errors {
        Errors(RefCell::new(Some(Vec::new())))
    }

    /// One that collects nothing: for what was reported elsewhere.
    pub(crate) fn ignore() -> Errors {
        Errors(RefCell::new(None))
    }

    /// Two errors at one place are of one mistake: the first is enough.
    pub(crate) fn push(&self, error: syn::Error) {
        if let Some(errors) = self.0.borrow_mut().as_mut() {
            let place = |error: &syn::Error| format!("{:?}", error.span());
            if errors.iter().all(|other| place(other) != place(&error)) {
                errors.push(error);
            }
        }
    }

    /// Reports at all the tokens of `at`.
    pub(crate) fn at(&self, at: impl ToTokens, message: impl std::fmt::Display) {
        self.push(syn::Error::new_spanned(at, message));
    }

    pub(crate) fn len(&self) -> usize {
        self.0.borrow().as_ref().map_or(0, Vec::len)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The `compile_error!`s, and a stand-in for the network, so that its users are not errors as well.
    ///
    /// The stand-in is a type whose parameter is an error: rustc says nothing more about whatever is done with it.
    pub(crate) fn into_tokens(self, network: Option<(Visibility, Ident)>) -> TokenStream {
        let errors = self.0.borrow_mut().take().unwrap_or_default();
        let errors: TokenStream = errors.iter().map(syn::Error::to_compile_error).collect();
        let Some((visibility, name)) = network else { return errors };
        let stand_in = format_ident!("__nn_{name}");
        quote! {
            #[doc(hidden)]
            #[allow(non_camel_case_types, missing_docs)]
            #visibility struct #stand_in<const ERROR: usize>;
            #[doc(hidden)]
            #[allow(missing_docs, non_camel_case_types)]
            #visibility type #name = #stand_in<{ #errors 0 }>;
        }
    }

    pub(crate) fn assert_empty(self) {
        let errors = self.0.borrow_mut().take().unwrap_or_default();
        assert!(errors.is_empty(), "errors were left behind");
    }
}

impl Drop for Errors {
    fn drop(&mut self) {
        if !std::thread::panicking() && self.0.borrow().is_some() {
            panic!("errors were collected but never reported");
        }
    }
}
