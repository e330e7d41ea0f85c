# SPDX-License-Identifier: Apache-2.0
"""Attacks on the HTTP surface: routes, methods, addresses, bodies, queries."""

import json

from attack import STRANGER, TZ4, Attack, at, event, post, query, text, wrong_checksum

ROUTES = [
    Attack("root", 404, "unknown_route", at("/")),
    Attack("empty path", 404, "unknown_route", at("")),
    Attack("keys without a key", 404, "unknown_route", at("/keys")),
    Attack("keys and an empty key", 404, "unknown_route", at("/keys/")),
    Attack("keys in capitals", 404, "unknown_route", at("/KEYS/{key}")),
    Attack("singular", 404, "unknown_route", at("/key/{key}")),
    Attack("something after the key", 404, "unknown_route", at("/keys/{key}/sign")),
    Attack("something before keys", 404, "unknown_route", at("/admin/keys/{key}")),
    Attack("dots first", 404, "unknown_route", at("/../keys/{key}")),
    Attack("dots inside", 404, "unknown_route", at("/x/../keys/{key}")),
    Attack("one dot", 404, "unknown_route", at("/./keys/{key}")),
    Attack("encoded dots", 404, "unknown_route", at("/%2e%2e/keys/{key}")),
    Attack("backslashes", 404, "unknown_route", at("\\keys\\{key}")),
    Attack("NUL in the path", 404, "unknown_route", at("/keys\x00/{key}")),
    Attack("encoded NUL in the path", 404, "unknown_route", at("/keys%00/{key}")),
    Attack("unicode in the path", 404, "unknown_route", at("/kéys/{key}")),
    Attack("no UTF-8 in the path", 404, "unknown_route", at("/%ff%fe/{key}")),
    Attack("bad percent-encoding in the path", 400, "bad_request", at("/keys/%zz")),
    Attack("cut percent-encoding in the path", 400, "bad_request", at("/keys/{key}%")),
    Attack("cut percent-encoding, one digit", 400, "bad_request", at("/keys/{key}%4")),
    Attack("ten thousand parts", 404, "unknown_route", at("/x" * 10_000)),
    Attack("a query inside the path", 404, "unknown_key", at("/keys/{key}%3fauthentication=x")),
    Attack("proof of possession", 404, "unknown_route", at("/bls_prove_possession/" + TZ4, "GET")),
    Attack("known keys, not enabled", 404, "unknown_route", at("/known_keys", "GET")),
    Attack("known keys, not enabled, by POST", 404, "unknown_route", at("/known_keys")),
    Attack("authorized keys and more", 404, "unknown_route", at("/authorized_keys/x", "GET")),
    Attack("DELETE at an unknown path", 404, "unknown_route", at("/x", "DELETE")),
]

METHODS = [
    Attack(f"{method or 'no method'} of a key", 405, "method_not_allowed", post(method=method))
    for method in (
        "PUT",
        "DELETE",
        "PATCH",
        "HEAD",
        "OPTIONS",
        "TRACE",
        "post",
        "POST ",
        "POST\n",
        "",
    )
] + [
    Attack("POST of authorized keys", 405, "method_not_allowed", at("/authorized_keys")),
    Attack("POST of health", 405, "method_not_allowed", at("/healthz")),
    Attack("PUT of authorized keys", 405, "method_not_allowed", at("/authorized_keys", "PUT")),
    Attack("PUT of an unknown key", 405, "method_not_allowed", at("/keys/tz1x", "PUT")),
]

KEYS = [
    Attack(f"{name}, {method}", 404, "unknown_key", at(f"/keys/{key}", method))
    for method in ("POST", "GET")
    for name, key in {
        "a stranger's key": STRANGER.public.address,
        "a tz4 key": TZ4,
        "a contract": "KT1PWx2mnDueood7fEmfbBDKx1D9BAnnXitn",
        "a chain id": "NetXdQprcVkpaWU",
        "a public key": str(STRANGER.public),
        "an address with a wrong checksum": wrong_checksum(STRANGER.public.address),
        "the key with a letter more": "{key}1",
        "the key with a space": "{key}%20",
        "the key with a NUL": "{key}%00",
        "letters outside base58": "tz10OIl" * 5,
        "a base58 bomb": "z" * 100_000,
        "a hundred thousand ones": "1" * 100_000,
        "unicode digits": "tz１" + "a" * 33,
    }.items()
]

BODIES = [
    Attack(name, 400, "bad_request", make)
    for name, make in {
        "no body": post(body=None),
        "empty body": post(body=""),
        "spaces": post(body="  \n"),
        "null": post(body="null"),
        "an object": post(body="{}"),
        "an array": post(body="[]"),
        "a number": post(body="17"),
        "true": post(body="true"),
        "hex without quotes": text(lambda h: h),
        "single quotes": text(lambda h: f"'{h}'"),
        "an open quote": text(lambda h: f'"{h}'),
        "two strings": text(lambda h: f'"{h}" "{h}"'),
        "something after the string": text(lambda h: f'"{h}"x'),
        "a comma after the string": text(lambda h: f'"{h}",'),
        "a string in an array": text(lambda h: f'["{h}"]'),
        "a string in an object": text(lambda h: json.dumps({"payload": h})),
        "an object with a key twice": text(lambda h: f'{{"a":"{h}","a":"{h}"}}'),
        "a comment": text(lambda h: f'/* */"{h}"'),
        "a newline in the string": text(lambda h: f'"{h}\n"'),
        "a NUL after the string": text(lambda h: f'"{h}"\x00'),
        "an escaped NUL": text(lambda h: f'"{h}\\u0000"'),
        "a lone surrogate": text(lambda h: f'"{h}\\ud800"'),
        "an odd number of digits": text(lambda h: f'"{h}1"'),
        "a letter that is no digit": text(lambda h: f'"{h}zz"'),
        "0x before the digits": text(lambda h: f'"0x{h}"'),
        "a space in the digits": text(lambda h: f'"{h[:10]} {h[10:]}"'),
        "a minus sign": text(lambda h: f'"-{h}1"'),
        "full-width digits": text(lambda h: f'"{h}１１"'),
        "two bytes a letter": text(lambda h: "".join(c + "\x00" for c in f'"{h}"')),
        "arrays in arrays": post(body="[" * 1000),
        "a form": text(lambda h: f"payload={h}"),
    }.items()
] + [
    Attack("a body that is no text", 400, "bad_request", event(lambda e: e.update(body=17))),
    Attack(
        "base64 that is none",
        400,
        "bad_request",
        event(lambda e: e.update(body="***", isBase64Encoded=True)),
    ),
    Attack(
        "base64 without its padding",
        400,
        "bad_request",
        event(lambda e: e.update(body="IjExIg", isBase64Encoded=True)),
    ),
    Attack(
        "base64 of bytes that are no text",
        400,
        "bad_request",
        event(lambda e: e.update(body="/////w==", isBase64Encoded=True)),
    ),
    Attack(
        "plain text said to be base64",
        400,
        "bad_request",
        event(lambda e: e.update(isBase64Encoded=True)),
    ),
    Attack("a body too long by far", 413, "too_large", text(lambda h: f'"{h * 5000}"')),
    Attack("a body of 2049 bytes", 413, "too_large", text(lambda h: f'"{h}"'.ljust(2049))),
    Attack(
        "a long body in base64",
        413,
        "too_large",
        lambda asking: asking.post(body='"' + "11" * 2000 + '"', base64=True),
    ),
]

QUERIES = [
    Attack(name, 400, "bad_request", query(template))
    for name, template in {
        "authentication twice": "authentication={proof}&authentication={proof}",
        "authentication twice, once empty": "authentication={proof}&authentication=",
        "authentication twice, once encoded": "authentication={proof}&%61uthentication={proof}",
        "version twice": "authentication={proof}&version=3&version=3",
        "an unknown name twice": "authentication={proof}&a=1&a=2",
        "version 1000": "authentication={proof}&version=1000",
        "version -1": "authentication={proof}&version=-1",
        "version 3 and a space": "authentication={proof}&version=3%20",
        "version 3x": "authentication={proof}&version=3x",
        "version 3.0": "authentication={proof}&version=3.0",
        "version of nothing": "authentication={proof}&version=",
        "version in other digits": "authentication={proof}&version=%D9%A3",
        "bad percent-encoding in a value": "authentication={proof}&x=%zz",
        "bad percent-encoding in a name": "authentication={proof}&%=x",
        "cut percent-encoding": "authentication={proof}&x=%4",
    }.items()
]
