"""Drives the simulator with boto3, an AWS client that this project did not write, in both of its wire protocols.

Called by `simulator.rs` as `boto3_simulator.py URL THROTTLED_URL TLS_URL CA_FILE`. The simulators it is given have the
built-in fleet; the first has the short times below, the second allows one call a second with a burst of three.
Every answer is held, as raw JSON, to the service model that botocore carries: unknown members, types, patterns,
enumerations and lengths.
"""

import base64
import copy
import datetime
import io
import json
import re
import sys
import time
import urllib.error
import urllib.request

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError, ConnectionClosedError
from botocore.parsers import RpcV2CBORParser

URL, THROTTLED_URL, TLS_URL, CA_FILE = sys.argv[1:]
PRIMARY_REGION, STANDBY_REGION = "us-east-1", "us-west-2"
DIRECTORY = "d-92672f1b01"


JSON, CBOR = "json", "smithy-rpc-v2-cbor"


def session(protocol):
    """A session whose service models name this protocol only, whichever ones they name."""
    made = boto3.session.Session()
    loader = made._session.get_component("data_loader")
    load = loader.load_service_model

    def with_protocol(service_name, type_name, *more, **others):
        model = load(service_name, type_name, *more, **others)
        if type_name == "service-2" and service_name != "sts":
            model = copy.deepcopy(model)
            model["metadata"] |= {"protocol": protocol, "protocols": [protocol]}
        return model

    loader.load_service_model = with_protocol
    return made


def client(region, service="workspaces", url=URL, **more):
    made = current.client(
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
    headers = response_dict["headers"]
    if protocol == CBOR:
        assert headers["smithy-protocol"] == "rpc-v2-cbor" and headers["content-type"] == "application/cbor", headers
        body = RpcV2CBORParser().parse_data_item(io.BufferedReader(io.BytesIO(response_dict["body"])))
    else:
        body = json.loads(response_dict["body"])
    if response_dict["status_code"] == 200:
        output = operation_model.output_shape
        problems = list(violations(output, body, operation_model.name)) if output else []
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
        # The parser makes a datetime of what is tagged as a timestamp, and of nothing else.
        timestamp = (int, float) if protocol == JSON else datetime.datetime
        types = {"integer": int, "boolean": bool, "timestamp": timestamp}[shape.type_name]
        if not isinstance(value, types):
            yield f"{path}: {value!r} is not a {shape.type_name}"


def bounds(shape, length, path):
    if length < shape.metadata.get("min", 0) or length > shape.metadata.get("max", length):
        yield f"{path}: {length} is out of bounds"



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


def create(primary, directory=DIRECTORY, side=None, primary_region=PRIMARY_REGION, **more):
    item = {"PrimaryWorkspaceId": primary, "DirectoryId": directory, **more}
    return (side or standby_side).create_standby_workspaces(PrimaryRegion=primary_region, StandbyWorkspaces=[item])


def describe(id, side=None):
    found = (side or standby_side).describe_workspaces(WorkspaceIds=[id])["Workspaces"]
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
        # The CBOR serializer of botocore does not send a text for a number.
        *([("SerializationException", dict(Limit="three"))] if protocol == JSON else []),
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
    throttled = client("eu-west-1" if protocol == JSON else "eu-central-1", url=THROTTLED_URL)
    for _ in range(3):
        throttled.describe_workspaces(WorkspaceIds=["ws-0ordinary1"])
    refused("ThrottlingException", throttled.describe_workspaces)
    with urllib.request.urlopen(f"{THROTTLED_URL}/_simulator/stats") as response:
        stats = json.load(response)
    counts = stats["Operations"]["DescribeWorkspaces"]
    assert counts["Protocols"][protocol] == 4 and counts["Throttles"] >= 1, counts
    assert stats["Connections"] >= 1


def connection_aliases_live_and_are_shared():
    alias = dict(AliasId=standby_side.create_connection_alias(ConnectionString="desk.example.com")["AliasId"])
    shown = lambda: standby_side.describe_connection_aliases(AliasIds=[alias["AliasId"]]).get("ConnectionAliases")
    association = lambda: shown()[0]["Associations"][0]
    refused(
        "ResourceAlreadyExistsException", standby_side.create_connection_alias, ConnectionString="desk.example.com"
    )
    wait(lambda: True if shown()[0]["State"] == "CREATED" else None, "a connection alias")
    identifier = standby_side.associate_connection_alias(**alias, ResourceId=DIRECTORY)["ConnectionIdentifier"]
    wait(lambda: True if association()["AssociationStatus"] == "ASSOCIATED_WITH_OWNER_ACCOUNT" else None, "an association")
    assert association()["ConnectionIdentifier"] == identifier and association()["ResourceId"] == DIRECTORY
    refused("ResourceAssociatedException", standby_side.delete_connection_alias, **alias)
    standby_side.disassociate_connection_alias(**alias)
    wait(lambda: True if association()["AssociationStatus"] == "NOT_ASSOCIATED" else None, "the end of an association")
    permission = {"SharedAccountId": "210987654321", "AllowAssociation": True}
    standby_side.update_connection_alias_permission(**alias, ConnectionAliasPermission=permission)
    shared = standby_side.describe_connection_alias_permissions(**alias)["ConnectionAliasPermissions"]
    assert shared == [permission], shared
    permission["AllowAssociation"] = False
    standby_side.update_connection_alias_permission(**alias, ConnectionAliasPermission=permission)
    assert "ConnectionAliasPermissions" not in standby_side.describe_connection_alias_permissions(**alias)
    standby_side.delete_connection_alias(**alias)
    wait(lambda: True if not shown() else None, "the end of a connection alias")
    refused("ResourceNotFoundException", standby_side.delete_connection_alias, **alias)


def directories_are_registered_and_deregistered():
    directory = dict(DirectoryId="d-92672f1b03")
    state = lambda: standby_side.describe_workspace_directories(DirectoryIds=[*directory.values()])["Directories"][0]["State"]
    assert standby_side.register_workspace_directory(**directory)["State"] == "REGISTERING"
    wait(lambda: True if state() == "REGISTERED" else None, "a registration")
    refused("ResourceAlreadyExistsException", standby_side.register_workspace_directory, **directory)
    standby_side.deregister_workspace_directory(**directory)
    wait(lambda: True if state() == "DEREGISTERED" else None, "a deregistration")
    refused("InvalidResourceStateException", standby_side.deregister_workspace_directory, **directory)


def workspaces_are_stopped_started_and_rebooted():
    id = "ws-0primary5"
    item = [{"WorkspaceId": id}]
    in_this = lambda state: wait(lambda: True if describe(id, primary_side)["State"] == state else None, state)
    assert primary_side.stop_workspaces(StopWorkspaceRequests=item)["FailedRequests"] == []
    in_this("STOPPED")
    assert primary_side.start_workspaces(StartWorkspaceRequests=item)["FailedRequests"] == []
    in_this("STARTING")
    in_this("AVAILABLE")
    assert primary_side.reboot_workspaces(RebootWorkspaceRequests=item)["FailedRequests"] == []
    in_this("AVAILABLE")
    failed = primary_side.start_workspaces(StartWorkspaceRequests=item)["FailedRequests"]
    assert failed[0]["WorkspaceId"] == id and failed[0]["ErrorCode"] and failed[0]["ErrorMessage"], failed
    for state in ["ADMIN_MAINTENANCE", "AVAILABLE"]:
        primary_side.modify_workspace_state(WorkspaceId=id, WorkspaceState=state)
        in_this(state)


def bundles_snapshots_and_the_account_are_described():
    pages = primary_side.get_paginator("describe_workspace_bundles").paginate(Owner="AMAZON")
    bundles = {bundle["BundleId"]: bundle for page in pages for bundle in page["Bundles"]}
    assert len(bundles) > 25, len(bundles)
    primary = describe("ws-0primary1", primary_side)
    assert bundles[primary["BundleId"]]["ComputeType"]["Name"] == primary["WorkspaceProperties"]["ComputeTypeName"]
    snapshots = primary_side.describe_workspace_snapshots(WorkspaceId="ws-0primary1")["RestoreSnapshots"]
    assert time.time() - snapshots[0]["SnapshotTime"].timestamp() < 12 * 3600 + 1
    refused("ResourceNotFoundException", primary_side.describe_workspace_snapshots, WorkspaceId="ws-0unknown01")
    assert primary_side.describe_account()["DedicatedTenancySupport"] == "DISABLED"


def disturbed_answers_still_fit_the_model():
    control("POST", "faults", {"Faults": [
        "CreateStandbyWorkspaces:shuffled:1", "CreateStandbyWorkspaces:without-user-name:1", "*:slow=1ms:1",
        "CreateStandbyWorkspaces:twins:1", "DescribeWorkspaces:endless-pages:1x2", "DescribeTags:drip=1ms:1x1",
    ]})
    for _ in range(2):
        pending = create("ws-0primary5")["PendingStandbyRequests"]
        assert len(pending) == 1 and "UserName" not in pending[0], pending
    first = primary_side.describe_workspaces()["NextToken"]
    assert primary_side.describe_workspaces(NextToken=first)["NextToken"] != first
    assert primary_side.describe_tags(ResourceId="ws-0primary1")["TagList"] == [{"Key": "Team", "Value": "design"}]
    control("POST", "faults", {"Faults": []})


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
    keys = client(STANDBY_REGION, "sts").assume_role(
        RoleArn="arn:aws:iam::210987654321:role/desk", RoleSessionName="me", ExternalId="secret", DurationSeconds=900
    )["Credentials"]
    assert abs(keys["Expiration"].timestamp() - time.time() - 900) < 60
    token = ".".join(base64.urlsafe_b64encode(part).decode().rstrip("=") for part in [b"{}", b'{"sub":"desk"}', b"x"])
    answer = client(STANDBY_REGION, "sts").assume_role_with_web_identity(
        RoleArn="arn:aws:iam::210987654321:role/desk", RoleSessionName="me", WebIdentityToken=token
    )
    assert answer["AssumedRoleUser"]["Arn"] == "arn:aws:sts::210987654321:assumed-role/desk/me"
    secure = client("eu-west-1", url=TLS_URL, verify=CA_FILE)
    assert secure.describe_workspace_directories()["Directories"][0]["DirectoryId"] == "d-93672f1c01"


def every_operation_was_called():
    known, stats = control("GET", "faults")["Operations"], control("GET", "stats")["Operations"]
    missing = [operation for operation in known if not stats.get(operation, {}).get("Calls")]
    assert not missing, missing
    protocols = {name for counts in stats.values() for name in counts["Protocols"]}
    assert protocols == {protocol, "query"}, protocols


for protocol in [JSON, CBOR]:
    current = session(protocol)
    primary_side, standby_side = client(PRIMARY_REGION), client(STANDBY_REGION)
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
        connection_aliases_live_and_are_shared,
        directories_are_registered_and_deregistered,
        workspaces_are_stopped_started_and_rebooted,
        bundles_snapshots_and_the_account_are_described,
        disturbed_answers_still_fit_the_model,
        sts_and_tls_work,
        every_operation_was_called,
    ]:
        check()
        print(f"{protocol}: {check.__name__.replace('_', ' ')}")
    control("POST", "reset")
