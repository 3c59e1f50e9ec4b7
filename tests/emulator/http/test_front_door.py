"""What the front door lets in, and in which form it refuses."""

import http.client
import json
from typing import Any
from urllib.parse import urlsplit

import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

ACCOUNT, OTHER = "444444444444", "555555555555"


def signed(service: str, region: str = "us-east-1", key: str = ACCOUNT, **headers: str) -> dict[str, str]:
    scope = f"Credential={key}/20260101/{region}/{service}/aws4_request"
    return {"Authorization": f"AWS4-HMAC-SHA256 {scope}, SignedHeaders=host, Signature=0", **headers}


def send(emulator: Any, method: str, path: str, body: bytes | None = None, **headers: str) -> tuple[int, Any, bytes]:
    """One raw HTTP request, with exactly these headers."""
    connection = http.client.HTTPConnection(urlsplit(emulator.url).netloc, timeout=30)
    try:
        connection.request(method, path, body=body, headers=headers)
        answer = connection.getresponse()
        return answer.status, answer.headers, answer.read()
    finally:
        connection.close()


def code_of(error: pytest.ExceptionInfo[ClientError]) -> tuple[str, int]:
    response = error.value.response
    return response["Error"]["Code"], response["ResponseMetadata"]["HTTPStatusCode"]


class TestWhoCalls:
    def test_twelve_digits_are_that_accounts_root_user(self, emulator: Any) -> None:
        identity = emulator.client("sts", ACCOUNT).get_caller_identity()
        assert (identity["Account"], identity["Arn"]) == (ACCOUNT, f"arn:aws:iam::{ACCOUNT}:root")

    @pytest.mark.parametrize(
        "key", ["AKIAIOSFODNN7EXAMPLE", "ASIAIOSFODNN7EXAMPLE", "12345678901", "１１１１１１１１１１１１"]
    )
    def test_a_key_that_nobody_handed_out_is_refused(self, emulator: Any, key: str) -> None:
        with pytest.raises(ClientError) as error:
            emulator.client("backup", key).list_backup_vaults()
        assert code_of(error) == ("InvalidClientTokenId", 403)

    def test_accounts_do_not_see_one_another(self, emulator: Any) -> None:
        emulator.client("iam", ACCOUNT).create_user(UserName="ada")
        assert emulator.client("iam", OTHER).list_users()["Users"] == []

    def test_a_header_cannot_name_another_account(self, emulator: Any) -> None:
        headers = signed("sts", **{"x-moto-account-id": OTHER, "Content-Type": "application/x-www-form-urlencoded"})
        body = b"Action=GetCallerIdentity&Version=2011-06-15"
        status, _, answer = send(emulator, "POST", "/", body, **headers)
        assert status == 200
        assert ACCOUNT.encode() in answer
        assert OTHER.encode() not in answer

    def test_an_unsigned_request_is_refused(self, emulator: Any) -> None:
        status, headers, _ = send(emulator, "GET", "/backup-vaults/")
        assert (status, headers["x-amzn-ErrorType"]) == (403, "MissingAuthenticationToken")

    def test_a_presigned_request_works_in_the_account_and_region_that_signed_it(self, emulator: Any) -> None:
        s3 = emulator.client("s3", ACCOUNT, "eu-west-1", config=Config(signature_version="s3v4"))
        s3.create_bucket(Bucket="presigned", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
        s3.put_object(Bucket="presigned", Key="a b", Body=b"content")
        url = urlsplit(s3.generate_presigned_url("get_object", {"Bucket": "presigned", "Key": "a b"}))
        status, _, body = send(emulator, "GET", f"{url.path}?{url.query}")
        assert (status, body) == (200, b"content")
        stolen = url.query.replace(ACCOUNT, OTHER)
        assert send(emulator, "GET", f"{url.path}?{stolen}")[0] == 403

    def test_a_region_that_does_not_exist_is_refused(self, emulator: Any) -> None:
        with pytest.raises(ClientError) as error:
            emulator.client("backup", ACCOUNT, "eu-nowhere-9").list_backup_vaults()
        assert code_of(error) == ("SignatureDoesNotMatch", 403)


class TestStrangers:
    @pytest.mark.parametrize(
        "host", ["emulator.example.com", "169.254.169.254", "127.0.0.1.example.com", "[::2]:80", ""]
    )
    @pytest.mark.parametrize("path", ["/", "/_emulator/health", "/portal/"])
    def test_a_foreign_host_is_refused_everywhere(self, emulator: Any, host: str, path: str) -> None:
        status, _, body = send(emulator, "GET", path, None, Host=host, **signed("s3"))
        assert status == 403
        assert b"loopback" in body

    def test_a_web_page_of_another_origin_is_refused(self, emulator: Any) -> None:
        status, headers, _ = send(emulator, "POST", "/_emulator/reset", b"{}", Origin="https://evil.example.com")
        assert status == 403
        assert "Access-Control-Allow-Origin" not in headers

    def test_motos_own_control_pages_are_closed(self, emulator: Any) -> None:
        emulator.client("iam", ACCOUNT).create_user(UserName="ada")
        assert send(emulator, "POST", "/moto-api/reset")[0] == 404
        assert len(emulator.client("iam", ACCOUNT).list_users()["Users"]) == 1


class TestBadRequests:
    def test_malformed_json_is_refused_in_the_form_of_aws(self, emulator: Any) -> None:
        headers = signed("dynamodb", **{"X-Amz-Target": "DynamoDB_20120810.ListTables"})
        status, _, body = send(emulator, "POST", "/", b'{"Limit": ', **headers)
        assert status == 400
        assert json.loads(body)["__type"] == "SerializationException"

    def test_malformed_json_of_a_rest_service_is_refused_too(self, emulator: Any) -> None:
        status, headers, _ = send(emulator, "PUT", "/backup-vaults/mine", b"[1, 2", **signed("backup"))
        assert (status, headers["x-amzn-ErrorType"]) == (400, "SerializationException")

    def test_malformed_xml_is_refused(self, emulator: Any) -> None:
        emulator.client("s3", ACCOUNT).create_bucket(Bucket="torn")
        status, _, body = send(emulator, "PUT", "/torn?versioning", b"<VersioningConfiguration><Sta", **signed("s3"))
        assert status == 400
        assert b"<Code>MalformedXML</Code>" in body

    def test_an_unknown_operation_is_refused_by_name(self, emulator: Any) -> None:
        headers = signed("organizations", **{"X-Amz-Target": "AWSOrganizationsV20161128.MakeCoffee"})
        status, _, body = send(emulator, "POST", "/", b"{}", **headers)
        assert (status, json.loads(body)["__type"]) == (400, "UnknownOperationException")
        assert "MakeCoffee" in json.loads(body)["message"]

    def test_an_unknown_path_is_refused_as_json_not_html(self, emulator: Any) -> None:
        status, headers, body = send(emulator, "GET", "/no/such/path", None, **signed("backup"))
        assert (status, headers["x-amzn-ErrorType"]) == (404, "UnknownOperationException")
        assert "message" in json.loads(body)

    def test_an_operation_that_is_not_modelled_says_so_and_invents_nothing(self, emulator: Any) -> None:
        with pytest.raises(ClientError) as error:
            emulator.client("cloudcontrol", ACCOUNT).list_resources(TypeName="AWS::S3::Bucket")
        assert code_of(error) == ("NotImplemented", 501)

    def test_a_body_that_is_too_large_is_refused_before_it_is_read(self, emulator: Any) -> None:
        headers = signed("s3", **{"Content-Length": str(10**12)})
        status, _, _ = send(emulator, "PUT", "/bucket/key", None, **headers)
        assert status == 413

    @pytest.mark.parametrize("scope", ["AKIA/x", "a/b/c/d/e/f", "////", "111111111111/20260101/us-east-1/s3/other"])
    def test_a_broken_credential_scope_is_refused(self, emulator: Any, scope: str) -> None:
        headers = {"Authorization": f"AWS4-HMAC-SHA256 Credential={scope}, Signature=0"}
        status, answer, _ = send(emulator, "GET", "/", None, **headers)
        assert (status, answer["x-amzn-ErrorType"]) == (400, "IncompleteSignature")


class TestBodies:
    def test_chunked_uploads_with_trailers_arrive_whole(self, emulator: Any) -> None:
        emulator.client("s3", ACCOUNT).create_bucket(Bucket="chunked")
        body = b"5\r\nhello\r\n0\r\nx-amz-checksum-crc32:NhCmhg==\r\n\r\n"
        headers = signed(
            "s3",
            **{
                "Content-Encoding": "aws-chunked",
                "X-Amz-Decoded-Content-Length": "5",
                "X-Amz-Content-SHA256": "STREAMING-UNSIGNED-PAYLOAD-TRAILER",
                "X-Amz-Trailer": "x-amz-checksum-crc32",
            },
        )
        assert send(emulator, "PUT", "/chunked/key", body, **headers)[0] == 200
        stored = emulator.client("s3", ACCOUNT).get_object(Bucket="chunked", Key="key")["Body"].read()
        assert stored == b"hello"

    def test_a_body_without_a_length_arrives_whole(self, emulator: Any) -> None:
        s3 = emulator.client("s3", ACCOUNT)
        s3.create_bucket(Bucket="streamed")
        connection = http.client.HTTPConnection(urlsplit(emulator.url).netloc, timeout=30)
        connection.request(
            "PUT", "/streamed/key", body=iter([b"abc", b"def"]), headers=signed("s3"), encode_chunked=True
        )
        assert connection.getresponse().status == 200
        connection.close()
        assert s3.get_object(Bucket="streamed", Key="key")["Body"].read() == b"abcdef"

    def test_several_requests_share_a_connection(self, emulator: Any) -> None:
        connection = http.client.HTTPConnection(urlsplit(emulator.url).netloc, timeout=30)
        statuses = []
        for _ in range(3):
            connection.request("GET", "/_emulator/health")
            answer = connection.getresponse()
            statuses.append((answer.status, answer.headers.get("Connection"), bool(answer.read())))
        connection.close()
        assert statuses == [(200, None, True)] * 3

    def test_an_answer_without_a_body_does_not_hold_the_client_up(self, emulator: Any) -> None:
        s3 = emulator.client("s3", ACCOUNT)
        s3.create_bucket(Bucket="headed")
        s3.put_object(Bucket="headed", Key="key", Body=b"12345")
        assert s3.head_object(Bucket="headed", Key="key")["ContentLength"] == 5
        s3.delete_object(Bucket="headed", Key="key")
        with pytest.raises(ClientError) as error:
            s3.head_object(Bucket="headed", Key="key")
        assert code_of(error) == ("404", 404)

    def test_buckets_of_other_accounts_cannot_be_read(self, emulator: Any) -> None:
        emulator.client("s3", ACCOUNT).create_bucket(Bucket="private")
        emulator.client("s3", ACCOUNT).put_object(Bucket="private", Key="key", Body=b"secret")
        with pytest.raises(ClientError):
            emulator.client("s3", OTHER).get_object(Bucket="private", Key="key")


class TestLedger:
    def test_each_call_has_its_line(self, emulator: Any) -> None:
        emulator.client("iam", ACCOUNT).create_user(UserName="ada")
        emulator.client("backup", ACCOUNT, "eu-west-1").list_backup_vaults()
        emulator.client("s3", ACCOUNT).create_bucket(Bucket="listed")
        calls = emulator.calls()
        assert [(call["service"], call["operation"]) for call in calls] == [
            ("iam", "CreateUser"),
            ("backup", "ListBackupVaults"),
            ("s3", "CreateBucket"),
        ]
        assert [call["seq"] for call in calls] == [1, 2, 3]
        assert {call["account"] for call in calls} == {ACCOUNT}
        assert {call["principal"] for call in calls} == {f"arn:aws:iam::{ACCOUNT}:root"}
        assert {call["error"] for call in calls} == {""}

    def test_the_request_id_is_the_one_the_client_got(self, emulator: Any) -> None:
        answer = emulator.client("iam", ACCOUNT).create_user(UserName="ada")
        assert emulator.calls()[0]["request_id"] == answer["ResponseMetadata"]["RequestId"]

    @pytest.mark.parametrize(
        ("service", "operation", "parameters", "code"),
        [
            ("dynamodb", "describe_table", {"TableName": "none"}, "ResourceNotFoundException"),
            ("iam", "get_role", {"RoleName": "none"}, "NoSuchEntity"),
            ("ec2", "describe_volumes", {"VolumeIds": ["vol-0123456789abcdef0"]}, "InvalidVolume.NotFound"),
            ("s3", "list_objects_v2", {"Bucket": "no-such-bucket"}, "NoSuchBucket"),
        ],
    )
    def test_a_refused_call_carries_the_error_code(
        self, emulator: Any, service: str, operation: str, parameters: dict[str, Any], code: str
    ) -> None:
        with pytest.raises(ClientError):
            getattr(emulator.client(service, ACCOUNT), operation)(**parameters)
        assert emulator.calls()[0]["error"] == code

    def test_it_can_be_read_from_a_number_on(self, emulator: Any) -> None:
        for _ in range(3):
            emulator.client("sts", ACCOUNT).get_caller_identity()
        assert [call["seq"] for call in emulator.calls(since=2)] == [3]


def test_metadata_of_an_object_keeps_the_underscores_of_its_names(emulator: Any) -> None:
    s3 = emulator.client("s3", ACCOUNT)
    s3.create_bucket(Bucket="named")
    s3.put_object(Bucket="named", Key="one", Metadata={"made_by": "hand", "made-for": "test"})
    assert s3.head_object(Bucket="named", Key="one")["Metadata"] == {"made_by": "hand", "made-for": "test"}
