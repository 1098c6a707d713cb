"""Drives the simulator with boto3, an AWS client that this project did not write.

Called by `simulator.rs` as `boto3_simulator.py URL THROTTLED_URL TLS_URL CA_FILE`. The simulators it is given have the
built-in fleet; the first has the short times below, the second allows one call a second with a burst of three.
Every answer is held, as raw JSON, to the service model that botocore carries: unknown members, types, patterns,
enumerations and lengths.
"""

import json
import re
import sys
import time
import urllib.error
import urllib.request

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError, ConnectionClosedError

URL, THROTTLED_URL, TLS_URL, CA_FILE = sys.argv[1:]
PRIMARY_REGION, STANDBY_REGION = "us-east-1", "us-west-2"
DIRECTORY = "d-92672f1b01"


def client(region, service="workspaces", url=URL, **more):
    made = boto3.client(
        service,
        region_name=region,
        endpoint_url=url,
        aws_access_key_id="AKIDEXAMPLE",
        aws_secret_access_key="secret",
        # Validation of parameters is off so that the simulator has to do it; retries are off so that faults are seen.
        config=Config(retries={"total_max_attempts": 1}, parameter_validation=False),
        **more,
    )
    if service != "sts":
        made.meta.events.register(f"before-parse.{made.meta.service_model.service_id.hyphenize()}", conforms)
    return made


def conforms(operation_model, response_dict, **_):
    body = json.loads(response_dict["body"])
    if response_dict["status_code"] == 200:
        problems = list(violations(operation_model.output_shape, body, operation_model.name))
        assert not problems, problems


def violations(shape, value, path):
    if shape.type_name == "structure":
        for name, member in value.items():
            if name not in shape.members:
                yield f"{path}.{name} is unknown"
            else:
                yield from violations(shape.members[name], member, f"{path}.{name}")
    elif shape.type_name == "list":
        yield from bounds(shape, len(value), path)
        for index, item in enumerate(value):
            yield from violations(shape.member, item, f"{path}[{index}]")
    elif shape.type_name == "string":
        yield from bounds(shape, len(value), path)
        pattern = shape.metadata.get("pattern")
        if pattern and not re.search(pattern, value):
            yield f"{path}: {value!r} does not match {pattern}"
        if getattr(shape, "enum", None) and value not in shape.enum:
            yield f"{path}: {value!r} is not one of {shape.enum}"
    else:
        types = {"integer": int, "boolean": bool, "timestamp": (int, float)}[shape.type_name]
        if not isinstance(value, types):
            yield f"{path}: {value!r} is no {shape.type_name}"


def bounds(shape, length, path):
    if length < shape.metadata.get("min", 0) or length > shape.metadata.get("max", length):
        yield f"{path}: {length} is out of bounds"


primary_side, standby_side = client(PRIMARY_REGION), client(STANDBY_REGION)


def refused(code, call, **arguments):
    try:
        call(**arguments)
    except ClientError as error:
        assert error.response["Error"]["Code"] == code, error.response
        assert error.response["ResponseMetadata"]["RequestId"], error.response
        return error.response
    raise AssertionError(f"expected {code}")


def control(method, path, body=None):
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(f"{URL}/_simulator/{path}", data=data, method=method)
    with urllib.request.urlopen(request) as response:
        return json.load(response)


def create(primary, directory=DIRECTORY, side=standby_side, primary_region=PRIMARY_REGION, **more):
    item = {"PrimaryWorkspaceId": primary, "DirectoryId": directory, **more}
    return side.create_standby_workspaces(PrimaryRegion=primary_region, StandbyWorkspaces=[item])


def describe(id, side=standby_side):
    found = side.describe_workspaces(WorkspaceIds=[id])["Workspaces"]
    return found[0] if found else None


def wait(condition, what):
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        if (found := condition()) is not None:
            return found
        time.sleep(0.02)
    raise AssertionError(f"never happened: {what}")


def in_state(id, state):
    def look():
        found = describe(id)
        return found if found and found["State"] == state else None

    return wait(look, f"{id} in {state}")


def a_standby_lives_from_creation_to_its_end():
    made = create("ws-0primary1", Tags=[{"Key": "Team", "Value": "design"}], VolumeEncryptionKey="alias/desk")
    assert made["FailedStandbyRequests"] == []
    pending = made["PendingStandbyRequests"][0]
    assert (pending["State"], pending["UserName"], pending["DirectoryId"]) == ("PENDING", "ana", DIRECTORY)
    id = pending["WorkspaceId"]
    assert describe(id) is None, "a new id is not visible at once"
    assert "IpAddress" not in in_state(id, "PENDING")
    ready = in_state(id, "AVAILABLE")
    related = {"WorkspaceId": "ws-0primary1", "Region": PRIMARY_REGION, "State": "AVAILABLE", "Type": "PRIMARY"}
    assert ready["RelatedWorkspaces"] == [related]
    assert ready["DataReplicationSettings"] == {"DataReplication": "NO_REPLICATION"}
    assert ready["VolumeEncryptionKey"].startswith(f"arn:aws:kms:{STANDBY_REGION}:123456789012:key/")
    assert ready["RootVolumeEncryptionEnabled"] and ready["UserVolumeEncryptionEnabled"]
    other = describe("ws-0primary1", primary_side)
    assert other["RelatedWorkspaces"][0] == {
        "WorkspaceId": id, "Region": STANDBY_REGION, "State": "AVAILABLE", "Type": "STANDBY"
    }
    assert other["StandbyWorkspacesProperties"][0]["StandbyWorkspaceId"] == id

    second = create("ws-0primary1")["FailedStandbyRequests"][0]
    assert second["ErrorCode"] == "ResourceExists.StandbyWorkspace", second

    switch = dict(WorkspaceId="ws-0primary1", DataReplication="PRIMARY_AS_SOURCE")
    primary_side.modify_workspace_properties(**switch)
    refused("OperationInProgressException", primary_side.modify_workspace_properties, **switch)
    in_state(id, "UPDATING")
    assert in_state(id, "AVAILABLE")["DataReplicationSettings"]["DataReplication"] == "PRIMARY_AS_SOURCE"
    taken = wait(lambda: describe(id)["DataReplicationSettings"].get("RecoverySnapshotTime"), "a snapshot")
    assert abs(taken.timestamp() - time.time()) < 10
    refused(
        "UnsupportedWorkspaceConfigurationException",
        standby_side.modify_workspace_properties,
        WorkspaceId=id,
        DataReplication="NO_REPLICATION",
    )

    tags = lambda: standby_side.describe_tags(ResourceId=id)["TagList"]
    assert tags() == [{"Key": "Team", "Value": "design"}]
    standby_side.create_tags(ResourceId=id, Tags=[{"Key": "Team", "Value": "sales"}, {"Key": "Cost"}])
    standby_side.delete_tags(ResourceId=id, TagKeys=["Cost"])
    assert tags() == [{"Key": "Team", "Value": "sales"}]

    status = standby_side.describe_workspaces_connection_status(WorkspaceIds=[id])["WorkspacesConnectionStatus"]
    assert status[0]["ConnectionState"] == "DISCONNECTED"

    end = [{"WorkspaceId": id}]
    assert standby_side.terminate_workspaces(TerminateWorkspaceRequests=end)["FailedRequests"] == []
    assert describe(id)["State"] == "TERMINATING"
    wait(lambda: True if describe(id) is None else None, "the end of the standby")
    failed = standby_side.terminate_workspaces(TerminateWorkspaceRequests=end)["FailedRequests"][0]
    assert (failed["WorkspaceId"], failed["ErrorCode"]) == (id, "ResourceNotFound.Workspace")
    refused("ResourceNotFoundException", standby_side.describe_tags, ResourceId=id)


def items_fail_one_by_one():
    for primary, directory, code in [
        ("ws-0unknown01", DIRECTORY, "ResourceNotFound.Workspace"),
        ("ws-0linux001", DIRECTORY, "OperationNotSupported.PrimaryWorkspace"),
        ("ws-0graphics1", DIRECTORY, "OperationNotSupported.PrimaryWorkspace"),
        ("ws-0occupied1", DIRECTORY, "ResourceExists.WorkSpace"),
        ("ws-0primary2", "d-0123456789", "ResourceNotFound.Directory"),
        ("ws-0primary2", "d-92672f1b03", "ResourceUnavailable.Directory"),
    ]:
        answer = create(primary, directory)
        failed = answer["FailedStandbyRequests"][0]
        assert failed["ErrorCode"] == code and failed["ErrorMessage"], failed
        assert failed["StandbyWorkspaceRequest"]["PrimaryWorkspaceId"] == primary
        assert answer["PendingStandbyRequests"] == []
    replicated = create("ws-0primary2", "d-92672f1b02", DataReplication="PRIMARY_AS_SOURCE")
    assert replicated["FailedStandbyRequests"][0]["ErrorCode"] == "OperationNotSupported.DataReplication"
    without_quota = create("ws-0primary2", "d-97672f1e01", client("ap-southeast-2"))
    assert without_quota["FailedStandbyRequests"][0]["ErrorCode"] == "ResourceLimitExceeded.StandbyWorkspaces"


def whole_calls_are_refused():
    item = {"PrimaryWorkspaceId": "ws-0primary2", "DirectoryId": DIRECTORY}
    same = dict(PrimaryRegion=STANDBY_REGION, StandbyWorkspaces=[item])
    refused("InvalidParameterValuesException", standby_side.create_standby_workspaces, **same)
    for code, arguments in [
        ("ValidationException", dict(WorkspaceIds=["i-123"])),
        ("ValidationException", dict(WorkspaceIds=["ws-0primary1"] * 26)),
        ("ValidationException", dict(Limit=0)),
        ("SerializationException", dict(Limit="three")),
        ("InvalidParameterValuesException", dict(UserName="ana")),
        ("InvalidParameterValuesException", dict(DirectoryId=DIRECTORY, BundleId="wsb-012345678")),
        ("InvalidParameterValuesException", dict(NextToken="rubbish")),
    ]:
        refused(code, standby_side.describe_workspaces, **arguments)
    many = [{"Key": f"key{number}", "Value": ""} for number in range(51)]
    target = "ws-0ordinary1"
    refused("ResourceLimitExceededException", standby_side.create_tags, ResourceId=target, Tags=many)
    reserved = [{"Key": "aws:team", "Value": ""}]
    refused("InvalidParameterValuesException", standby_side.create_tags, ResourceId=target, Tags=reserved)
    unsigned = urllib.request.Request(URL, data=b"{}", headers={"X-Amz-Target": "WorkspacesService.DescribeWorkspaces"})
    try:
        urllib.request.urlopen(unsigned)
        raise AssertionError("an unsigned request was answered")
    except urllib.error.HTTPError as error:
        assert error.code == 403 and "MissingAuthenticationToken" in error.read().decode()


def pages_cover_everything_once():
    pages = list(primary_side.get_paginator("describe_workspaces").paginate(PaginationConfig={"PageSize": 3}))
    ids = [workspace["WorkspaceId"] for page in pages for workspace in page["Workspaces"]]
    assert len(pages) > 2 and len(ids) == len(set(ids)) and "ws-0primary5" in ids
    by_user = primary_side.describe_workspaces(DirectoryId="d-90672f1a01", UserName="bo")["Workspaces"]
    assert [workspace["WorkspaceId"] for workspace in by_user] == ["ws-0primary2"]
    pages = list(standby_side.get_paginator("describe_workspace_directories").paginate(DirectoryIds=[DIRECTORY]))
    assert [directory["State"] for page in pages for directory in page["Directories"]] == ["REGISTERED"]


def ordinary_workspaces_become_primaries():
    request = {"DirectoryId": "d-90672f1a01", "UserName": "zoe", "BundleId": "wsb-012345678"}
    made = primary_side.create_workspaces(Workspaces=[request, request])
    assert made["FailedRequests"][0]["ErrorCode"] == "ResourceExists.WorkSpace"
    id = made["PendingRequests"][0]["WorkspaceId"]
    wait(lambda: (found := describe(id, primary_side)) and (found["State"] == "AVAILABLE" or None), "a new primary")
    assert create(id)["PendingStandbyRequests"][0]["UserName"] == "zoe"


def the_control_endpoints_act_behind_the_api():
    id = create("ws-0primary3")["PendingStandbyRequests"][0]["WorkspaceId"]
    in_state(id, "AVAILABLE")
    path = f"workspaces/{STANDBY_REGION}/{id}"
    control("POST", path, {"State": "ERROR", "ErrorCode": "Broken", "ErrorMessage": "It broke."})
    broken = describe(id)
    assert (broken["State"], broken["ErrorCode"], broken["ErrorMessage"]) == ("ERROR", "Broken", "It broke.")
    control("POST", path, {"State": "SUSPENDED"})
    failed = standby_side.terminate_workspaces(TerminateWorkspaceRequests=[{"WorkspaceId": id}])["FailedRequests"]
    assert failed[0]["ErrorCode"] == "InvalidResourceState.Workspace"
    control("DELETE", path)
    assert describe(id) is None


def faults_strike_as_told():
    control("POST", "faults", {"Faults": ["CreateStandbyWorkspaces:reset-after:1x1", "DescribeTags:5xx-before:1x1"]})
    try:
        create("ws-0primary4")
        raise AssertionError("the connection was not reset")
    except ConnectionClosedError:
        pass
    made = wait(
        lambda: next(iter(standby_side.describe_workspaces(DirectoryId=DIRECTORY, UserName="dora")["Workspaces"]), None),
        "the standby whose answer was lost",
    )
    refused("InternalFailure", standby_side.describe_tags, ResourceId=made["WorkspaceId"])
    standby_side.describe_tags(ResourceId=made["WorkspaceId"])
    control("POST", "faults", {"Faults": ["CreateStandbyWorkspaces:neither:1", "*@us-east-1:error=AccessDeniedException:1"]})
    neither = create("ws-0primary5")
    assert neither["PendingStandbyRequests"] == neither["FailedStandbyRequests"] == []
    refused("AccessDeniedException", primary_side.describe_workspaces)
    standby_side.describe_workspaces()
    control("POST", "faults", {"Faults": []})


def calls_are_throttled_and_counted():
    throttled = client(STANDBY_REGION, url=THROTTLED_URL)
    for _ in range(3):
        throttled.describe_workspaces(WorkspaceIds=["ws-0ordinary1"])
    refused("ThrottlingException", throttled.describe_workspaces)
    with urllib.request.urlopen(f"{THROTTLED_URL}/_simulator/stats") as response:
        stats = json.load(response)
    counts = stats["Operations"]["DescribeWorkspaces"]
    assert (counts["Calls"], counts["Throttles"], counts["Identifiers"]) == (4, 1, 3), counts
    assert stats["Connections"] >= 1


def the_tagging_api_knows_tagged_workspaces():
    standby_side, tagging = client(STANDBY_REGION), client(STANDBY_REGION, "resourcegroupstaggingapi")
    arn = f"arn:aws:workspaces:{STANDBY_REGION}:123456789012:workspace/ws-0ordinary1"
    assert tagging.get_resources(ResourceARNList=[arn])["ResourceTagMappingList"] == []
    standby_side.create_tags(ResourceId="ws-0ordinary1", Tags=[{"Key": "Team", "Value": "dr"}])
    found = tagging.get_resources(ResourceARNList=[arn])["ResourceTagMappingList"]
    assert found == [{"ResourceARN": arn, "Tags": [{"Key": "Team", "Value": "dr"}]}], found
    standby_side.delete_tags(ResourceId="ws-0ordinary1", TagKeys=["Team"])
    assert tagging.get_resources(ResourceARNList=[arn])["ResourceTagMappingList"][0]["Tags"] == []
    refused("InvalidParameterException", tagging.get_resources, ResourceARNList=[arn], ResourcesPerPage=1)


def sts_and_tls_work():
    identity = client(STANDBY_REGION, "sts").get_caller_identity()
    assert identity["Account"] == "123456789012"
    assert identity["Arn"] == "arn:aws:iam::123456789012:user/AKIDEXAMPLE"
    secure = client("eu-west-1", url=TLS_URL, verify=CA_FILE)
    assert secure.describe_workspace_directories()["Directories"][0]["DirectoryId"] == "d-93672f1c01"


for check in [
    a_standby_lives_from_creation_to_its_end,
    items_fail_one_by_one,
    whole_calls_are_refused,
    pages_cover_everything_once,
    ordinary_workspaces_become_primaries,
    the_control_endpoints_act_behind_the_api,
    faults_strike_as_told,
    calls_are_throttled_and_counted,
    the_tagging_api_knows_tagged_workspaces,
    sts_and_tls_work,
]:
    check()
    print("held:", check.__name__.replace("_", " "))
