use super::proto::{FunctionError, call_function};
use super::{decode, encode};
use crate::provider::{self, Function};
use crate::tf::{Diagnostics, Value};

/// Calls a function. What is wrong is part of the response.
///
/// # Errors
/// There is no such function.
pub(super) fn call(
    all: &[Function],
    request: &call_function::Request,
) -> Result<call_function::Response, Diagnostics> {
    let function = decode::function(all, &request.name)?;
    let ty = function.parameter_type();
    let mut arguments: Vec<Value> = Vec::new();
    for (index, argument) in request.arguments.iter().enumerate() {
        match decode::value(Some(argument), &ty, "argument") {
            Ok(value) => arguments.push(value),
            Err(error) => {
                let text = format!("{}: {}", error.summary, error.detail);
                return Ok(failed(provider::FunctionError { text, argument: Some(index) }));
            }
        }
    }
    match function.call(&arguments) {
        Ok(result) => {
            let result = Some(encode::value(&result, &function.result, "result")?);
            Ok(call_function::Response { result, error: None })
        }
        Err(error) => Ok(failed(error)),
    }
}

fn failed(error: provider::FunctionError) -> call_function::Response {
    let function_argument = error.argument.and_then(|index| i64::try_from(index).ok());
    let error = FunctionError { text: error.text, function_argument };
    call_function::Response { result: None, error: Some(error) }
}

/// The response to a CallFunction call that failed.
pub(super) fn not_called(errors: Diagnostics) -> call_function::Response {
    let texts = errors.into_iter().map(|error| format!("{}: {}", error.summary, error.detail));
    failed(provider::FunctionError { text: texts.collect::<Vec<_>>().join("\n\n"), argument: None })
}
