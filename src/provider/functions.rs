//! The functions of the provider, `provider::aws-workspaces::…`.

use crate::aws::{WorkSpaceArn, partition};
use crate::tf::{Type, Value};

use super::function::{Function, FunctionError, Parameter};
use super::region::is_region;
use super::standby::is_workspace_id;

/// `standby_import_id(id, region)`.
pub(super) fn standby_import_id() -> Function {
    Function {
        name: "standby_import_id",
        summary: "The import ID of a standby in any Region",
        description: "Builds the ID with which `aws_workspaces_standby` imports a standby that is not \
                      in the provider's Region: `ws-0f1e2d3c4@eu-west-1`.",
        parameters: vec![
            Parameter { name: "id", description: "WorkSpace ID of the standby." },
            Parameter { name: "region", description: "Region of the standby." },
        ],
        result: Type::String,
        call: |arguments| {
            let [id, region] = *arguments else { return Err(FunctionError::takes(2)) };
            if !is_workspace_id(id) {
                let text = format!("{id:?} is not a WorkSpace ID such as ws-0f1e2d3c4.");
                return Err(FunctionError { text, argument: Some(0) });
            }
            if !is_region(region) {
                let text = format!("{region:?} is not a Region such as eu-west-1.");
                return Err(FunctionError { text, argument: Some(1) });
            }
            Ok(format!("{id}@{region}").into())
        },
    }
}

/// `parse_standby_arn(arn)`.
pub(super) fn parse_standby_arn() -> Function {
    let text = |name| (name, Type::String);
    Function {
        name: "parse_standby_arn",
        summary: "The parts of the ARN of a standby",
        description: "Parses the ARN of a WorkSpace, such as the `arn` of `aws_workspaces_standby`, \
                      into an object with `partition`, `region`, `account_id` and `id`.",
        parameters: vec![Parameter { name: "arn", description: "ARN of the standby." }],
        result: Type::object(["partition", "region", "account_id", "id"].map(text)),
        call: |arguments| {
            let [arn] = *arguments else { return Err(FunctionError::takes(1)) };
            // An ARN is spelled in one way, so its partition is that of its Region.
            let is_valid = |parts: &WorkSpaceArn<'_>| {
                let forms = [is_region(parts.region), is_account_id(parts.account)];
                forms == [true; 2] && is_workspace_id(parts.id) && parts.to_string() == arn
            };
            let parts = WorkSpaceArn::parse(arn).filter(is_valid);
            let parts = parts.ok_or_else(|| FunctionError {
                text: format!(
                    "{arn:?} is not the ARN of a WorkSpace, such as \
                     arn:aws:workspaces:eu-west-1:123456789012:workspace/ws-0f1e2d3c4."
                ),
                argument: Some(0),
            })?;
            Ok(Value::object([
                ("partition", Value::from(partition(parts.region))),
                ("region", parts.region.into()),
                ("account_id", parts.account.into()),
                ("id", parts.id.into()),
            ]))
        },
    }
}

fn is_account_id(text: &str) -> bool {
    text.len() == 12 && text.bytes().all(|letter| letter.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_function_gives_a_result_or_names_the_argument_that_is_wrong() {
        const ARN: &str = "arn:aws:workspaces:eu-west-1:123456789012:workspace/ws-0f1e2d3c4";
        let parts = Value::object([
            ("partition", Value::from("aws")),
            ("region", "eu-west-1".into()),
            ("account_id", "123456789012".into()),
            ("id", "ws-0f1e2d3c4".into()),
        ]);
        let (import_id, parse) = (standby_import_id(), parse_standby_arn());
        for (function, arguments, expected) in [
            (&import_id, &["ws-0f1e2d3c4", "eu-west-1"][..], Ok("ws-0f1e2d3c4@eu-west-1".into())),
            (&import_id, &["i-0f1e2d3c4", "eu-west-1"], Err(Some(0))),
            (&import_id, &["ws-0f1e2d3c4", "Ireland"], Err(Some(1))),
            (&import_id, &["ws-0f1e2d3c4"], Err(None)),
            (&parse, &[ARN], Ok(parts)),
            (&parse, &["ws-0f1e2d3c4"], Err(Some(0))),
            (&parse, &[&ARN.replace("workspaces:", "ec2:")], Err(Some(0))),
            (&parse, &[&ARN.replace("123456789012", "me")], Err(Some(0))),
            (&parse, &[&ARN.replace("aws:", "aws-cn:")], Err(Some(0))),
            (&parse, &[], Err(None)),
        ] {
            let values: Vec<Value> = arguments.iter().map(|text| Value::from(*text)).collect();
            let result = function.call(&values).map_err(|error| error.argument);
            assert_eq!(result, expected, "{} {arguments:?}", function.name);
        }
        for value in [Value::Null, Value::Unknown, true.into()] {
            let error = parse.call(&[value]).expect_err("it is not a known string");
            assert_eq!(error.argument, Some(0));
        }
    }
}
