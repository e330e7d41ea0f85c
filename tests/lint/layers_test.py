#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""That layers.py sees a wrong arrow, and leaves a right one alone."""

import tempfile
import unittest
from pathlib import Path

from layers import mistakes

RIGHT = [
    ("src/tezos/sign.cpp", "#include <redoubt/base/bytes.hpp>"),
    ("src/tezos/sign.cpp", "#include <redoubt/http/message.hpp>"),
    ("src/tezos/sign.cpp", '#include "sign.cpp"'),
    ("src/adapters/tezos/kms_signer.cpp", "#include <redoubt/aws/kms.hpp>"),
    ("bootstrap/handlers/tezos_signer.cpp", "#include <redoubt/adapters/tezos/kms_signer.hpp>"),
    ("include/redoubt/crypto/hash.hpp", "#include <vector>"),
    ("src/sealed/wrap.cpp", "#include <redoubt/crypto/hkdf.hpp>"),
    ("src/adapters/tezos/sealed_keys.cpp", "#include <redoubt/sealed/wrap.hpp>"),
    ("src/tezos/formats/octez.cpp", "#include <redoubt/base/json.hpp>"),
    ("src/ethereum/ssz.cpp", "#include <redoubt/crypto/hash.hpp>"),
    ("src/operator/ethereum/rows.cpp", "#include <redoubt/operator/sealed/sealing.hpp>"),
    ("src/access/token.cpp", "#include <redoubt/crypto/hash.hpp>"),
    ("src/adapters/ethereum/access_table.cpp", "#include <redoubt/access/grant.hpp>"),
    ("bootstrap/log/line.cpp", '#include "line.cpp"'),
    ("bootstrap/log/line.cpp", '#include "log/line.cpp"'),
]

WRONG = [
    ("src/base/bytes.cpp", "#include <redoubt/crypto/hash.hpp>"),
    ("src/crypto/hash.cpp", "#include <redoubt/http/message.hpp>"),
    ("src/tezos/sign.cpp", "#include <redoubt/aws/kms.hpp>"),
    ("src/sealed/wrap.cpp", "#include <redoubt/aws/kms/kms.hpp>"),
    ("src/aws/kms/kms.cpp", "#include <redoubt/sealed/wrap.hpp>"),
    ("src/adapters/tezos/sealed_keys.cpp", "#include <sealed/parts.hpp>"),
    ("src/tezos/sign.cpp", "#include <redoubt/http/client.hpp>"),
    ("src/aws/kms.cpp", "#  include <redoubt/tezos/sign.hpp>"),
    ("src/lambda/event.cpp", "#include <redoubt/tezos/types.hpp>"),
    ("include/redoubt/aws/kms.hpp", "#include <redoubt/adapters/tezos/kms_signer.hpp>"),
    ("src/adapters/tezos/kms_signer.cpp", "#include <redoubt/bootstrap/config.hpp>"),
    ("src/tezos/sign.cpp", '#include "../aws/kms.hpp"'),
    ("bootstrap/main.cpp", '#include "../tests/standins/kms.hpp"'),
    ("bootstrap/main.cpp", "#include <standins/kms.hpp>"),
    ("bootstrap/main.cpp", "#include <redoubt/tezos/sign.hpp>"),
    ("bootstrap/main.cpp", '#include "handlers/tezos_signer.hpp"'),
    ("bootstrap/log/line.cpp", '#include "handlers/tezos_log.hpp"'),
    ("bootstrap/config/aws.cpp", '#include "config/tezos.hpp"'),
    ("bootstrap/cloud.cpp", "#include <redoubt/ethereum/sign.hpp>"),
    ("src/adapters/kms_signer.cpp", "#include <vector>"),
    ("src/tezos/formats/octez.cpp", "#include <redoubt/aws/kms.hpp>"),
    ("src/ethereum/ssz.cpp", "#include <redoubt/tezos/types.hpp>"),
    ("src/tezos/sign.cpp", "#include <redoubt/ethereum/ssz.hpp>"),
    ("src/ethereum/network.cpp", "#include <redoubt/http/client.hpp>"),
    ("src/backup/age.cpp", "#include <redoubt/sealed/wrap.hpp>"),
    ("src/adapters/sealed/unsealing.cpp", "#include <redoubt/tezos/types.hpp>"),
    ("src/operator/sealed/sealing.cpp", "#include <redoubt/adapters/tezos/sealed_table.hpp>"),
    ("src/operator/ethereum/rows.cpp", "#include <redoubt/operator/tezos/commands.hpp>"),
    ("src/operator/tezos/create.cpp", "#include <backup/age_file.hpp>"),
    ("src/access/token.cpp", "#include <redoubt/http/message.hpp>"),
    ("src/access/grant.cpp", "#include <redoubt/ethereum/types.hpp>"),
    ("src/tezos/authentication.cpp", "#include <redoubt/access/token.hpp>"),
    ("src/main.cpp", "#include <vector>"),
    ("src/util/strings.cpp", "#include <vector>"),
]


def check(name: str, text: str) -> list[str]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.parent.mkdir(parents=True)
        path.write_text(text + "\n", encoding="utf-8")
        return mistakes(Path(folder))


class Layers(unittest.TestCase):
    def test_right_arrows_pass(self) -> None:
        for name, text in RIGHT:
            with self.subTest(name=name, text=text):
                self.assertEqual([], check(name, text))

    def test_wrong_arrows_are_seen(self) -> None:
        for name, text in WRONG:
            with self.subTest(name=name, text=text):
                self.assertEqual(1, len(check(name, text)))

    def test_an_empty_tree_does_not_pass(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            self.assertEqual(1, len(mistakes(Path(folder))))


if __name__ == "__main__":
    unittest.main()
