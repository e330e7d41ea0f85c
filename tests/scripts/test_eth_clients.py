# SPDX-License-Identifier: Apache-2.0
"""What validator clients are told of a signer: the same in the docs and in deploy/local."""

from redoubt_stack.ethereum import clients

from support.child import ROOT

PAGE = ROOT / "docs/ethereum-signer.md"


def test_the_page_shows_what_deploy_local_prints() -> None:
    url = "https://<id>.lambda-url.eu-west-1.on.aws"
    told = "\n".join(clients.shown(url, "<token>", "<path token>", "0x..."))
    assert f"```\n{told}\n```" in PAGE.read_text()


def test_without_tls_the_client_that_would_send_no_token_is_named() -> None:
    local = [*clients.shown("http://127.0.0.1:9000/", "rdt_1_a", "rdt_2_b", "0x12")]
    assert [line for line in local if "https alone" in line] == [
        "Teku (options; it sends a token over https alone, so put something with TLS before this "
        "URL):"
    ]
    assert '      url: "http://redoubt:rdt_1_a@127.0.0.1:9000"' in local
    assert '      voting_public_key: "0x12"' in local
    assert "    --externalSigner.url=http://127.0.0.1:9000/t/rdt_2_b" in local
    assert sum("rdt_2_b" in line for line in local) == 1
