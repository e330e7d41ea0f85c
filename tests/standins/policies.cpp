// SPDX-License-Identifier: Apache-2.0
#include "policies.hpp"

#include <string_view>

namespace redoubt::standins {
namespace {

constexpr std::string_view key_policy = R"({"Version": "2012-10-17", "Statement": [
  {"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::ACCOUNT:root"}, "Resource": "*",
   "Action": ["kms:DescribeKey", "kms:PutKeyPolicy", "kms:ReplicateKey"]},
  {"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::ACCOUNT:root"}, "Resource": "*",
   "Action": "kms:Sign",
   "Condition": {"ArnEquals": {"aws:PrincipalArn": "arn:aws:iam::ACCOUNT:role/redoubt-signer"}}},
  {"Effect": "Deny", "Principal": "*", "Action": "kms:Sign", "Resource": "*", "Condition": {
     "ArnNotEquals": {"aws:PrincipalArn": "arn:aws:iam::ACCOUNT:role/redoubt-signer"}}},
  {"Effect": "Deny", "Principal": "*", "Action": "kms:CreateGrant", "Resource": "*"},
  {"Effect": "Deny", "Principal": "*", "Action": ["kms:PutKeyPolicy", "kms:ReplicateKey"],
   "Resource": "*",
   "Condition": {"ArnNotEquals": {"aws:PrincipalArn": ["arn:aws:iam::ACCOUNT:root"]}}}]})";

constexpr std::string_view wrapping_key_policy = R"({"Version": "2012-10-17", "Statement": [
  {"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::ACCOUNT:root"}, "Resource": "*",
   "Action": ["kms:DescribeKey", "kms:PutKeyPolicy"]},
  {"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::ACCOUNT:root"}, "Resource": "*",
   "Action": "kms:Encrypt"},
  {"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::ACCOUNT:root"}, "Resource": "*",
   "Action": "kms:Decrypt",
   "Condition": {"ArnEquals": {"aws:PrincipalArn": ["arn:aws:iam::ACCOUNT:role/redoubt-signer",
                                                    "arn:aws:iam::ACCOUNT:role/redoubt-recovery"]}}},
  {"Effect": "Deny", "Principal": "*", "Action": "kms:Decrypt", "Resource": "*", "Condition": {
     "ArnNotEquals": {"aws:PrincipalArn": ["arn:aws:iam::ACCOUNT:role/redoubt-signer",
                                           "arn:aws:iam::ACCOUNT:role/redoubt-recovery"]}}},
  {"Effect": "Deny", "Principal": "*", "Action": "kms:CreateGrant", "Resource": "*"},
  {"Effect": "Deny", "Principal": "*", "Action": "kms:PutKeyPolicy", "Resource": "*",
   "Condition": {"ArnNotEquals": {"aws:PrincipalArn": ["arn:aws:iam::ACCOUNT:root"]}}}]})";

constexpr std::string_view table_policy = R"({"Version": "2012-10-17", "Statement": [
  {"Effect": "Deny", "Principal": "*", "Resource": "*",
   "Action": ["dynamodb:BatchWriteItem", "dynamodb:DeleteItem", "dynamodb:PartiQLDelete",
              "dynamodb:PartiQLInsert", "dynamodb:PartiQLUpdate", "dynamodb:PutItem",
              "dynamodb:UpdateItem"],
   "Condition": {"ArnNotEquals": {"aws:PrincipalArn": [
     "arn:aws:iam::ACCOUNT:role/redoubt-signer", "arn:aws:iam::ACCOUNT:role/redoubt-operator"]}}},
  {"Effect": "Deny", "Principal": "*", "Resource": "*",
   "Action": ["dynamodb:DeleteResourcePolicy", "dynamodb:PutResourcePolicy"],
   "Condition": {"ArnNotEquals": {"aws:PrincipalArn": "arn:aws:iam::ACCOUNT:root"}}}]})";

std::string of_account(std::string_view text, const std::string& account) {
    constexpr std::string_view mark = "ACCOUNT";
    std::string out(text);
    for (auto at = out.find(mark); at != std::string::npos; at = out.find(mark)) {
        out.replace(at, mark.size(), account);
    }
    return out;
}

}  // namespace

std::string sound_key_policy(const std::string& account) { return of_account(key_policy, account); }

std::string sound_wrapping_key_policy(const std::string& account) {
    return of_account(wrapping_key_policy, account);
}

std::string sound_table_policy(const std::string& account) {
    return of_account(table_policy, account);
}

}  // namespace redoubt::standins
