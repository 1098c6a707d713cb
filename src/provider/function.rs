use crate::tf::{Type, Value};

/// A function of the provider. It is pure: it makes no call and works before the provider is
/// configured.
///
/// <https://developer.hashicorp.com/terraform/plugin/framework/functions/concepts>
#[derive(Clone, Debug)]
pub struct Function {
    /// Name, after `provider::NAME::`.
    pub name: &'static str,
    /// What it is for, in a few words.
    pub summary: &'static str,
    /// What it does, in Markdown.
    pub description: &'static str,
    /// Its parameters, in order. None accepts a null or unknown value: Terraform does not call it
    /// then.
    pub parameters: Vec<Parameter>,
    /// The type of its result.
    pub result: Type,
    pub(in crate::provider) call: fn(&[&str]) -> Result<Value, FunctionError>,
}

/// A parameter of a [`Function`], always a string.
#[derive(Clone, Copy, Debug)]
pub struct Parameter {
    /// Name, for messages and documentation.
    pub name: &'static str,
    /// What to pass, in Markdown.
    pub description: &'static str,
}

/// Why a function has no result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FunctionError {
    /// What is wrong, and what is expected.
    pub text: String,
    /// The argument that is wrong, counted from 0; `None` if none of them is.
    pub argument: Option<usize>,
}

impl Function {
    /// The type of each parameter.
    pub fn parameter_type(&self) -> Type {
        Type::String
    }

    /// Calls the function.
    ///
    /// # Errors
    /// The number of arguments is wrong, or an argument is.
    pub fn call(&self, arguments: &[Value]) -> Result<Value, FunctionError> {
        let mut texts = Vec::new();
        for (index, value) in arguments.iter().enumerate() {
            texts.push(value.as_str().ok_or_else(|| FunctionError {
                text: "The argument must be a known string that is not null.".to_owned(),
                argument: Some(index),
            })?);
        }
        (self.call)(&texts)
    }
}

impl FunctionError {
    /// The function takes another number of arguments.
    pub(in crate::provider) fn takes(count: usize) -> Self {
        Self { text: format!("The function takes {count} arguments."), argument: None }
    }
}
