//! The errors of one expansion, collected.

use std::cell::RefCell;

use proc_macro2::TokenStream;
use quote::ToTokens;

/// Collects errors, so that a user sees all of them at once.
pub(crate) struct Errors(RefCell<Option<Vec<syn::Error>>>);

impl Errors {
    pub(crate) fn new() -> Errors {
        Errors(RefCell::new(Some(Vec::new())))
    }

    pub(crate) fn push(&self, error: syn::Error) {
        if let Some(errors) = self.0.borrow_mut().as_mut() {
            errors.push(error);
        }
    }

    /// Reports at all the tokens of `at`.
    pub(crate) fn at(&self, at: impl ToTokens, message: impl std::fmt::Display) {
        self.push(syn::Error::new_spanned(at, message));
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.borrow().as_ref().is_none_or(Vec::is_empty)
    }

    /// The `compile_error!`s.
    pub(crate) fn into_tokens(self) -> TokenStream {
        let errors = self.0.borrow_mut().take().unwrap_or_default();
        errors.iter().map(syn::Error::to_compile_error).collect()
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
