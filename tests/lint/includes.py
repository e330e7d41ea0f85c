#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Checks that each file of the product includes what it names, itself or by way of our own headers:
it is compiled, and read by clang-tidy, together with others, which would lend it theirs.

Names are those of the standard library and of the libraries, and the types and functions that our
headers declare in a namespace, which is to say at the beginning of a line.

Usage: includes.py ROOT
"""

import re
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from layers import INCLUDE, sources

# Which headers bring a name of `std`, any of them. One that is missing here is a mistake, too.
STANDARD_LIBRARY = """
algorithm: clamp find find_if find_if_not find_first_of search contains all_of any_of none_of count
    count_if equal mismatch copy copy_n copy_if copy_backward move_backward fill fill_n generate
    transform replace replace_if remove_if reverse reverse_copy rotate shuffle swap_ranges unique
    sort stable_sort is_sorted partition nth_element lower_bound upper_bound equal_range
    binary_search adjacent_find max_element min_element minmax prev_permutation next_permutation
    for_each lexicographical_compare lexicographical_compare_three_way starts_with ends_with
algorithm array expected functional map memory optional set span string string_view tuple utility
    variant vector: size_t ptrdiff_t move forward exchange pair swap min max initializer_list
    in_place less
algorithm array iterator map set span string string_view vector: back_inserter ssize next prev
    distance advance begin end
array: array
bit: bit_cast bit_ceil bit_floor bit_width byteswap countl_zero countr_zero endian has_single_bit
    popcount rotl rotr
cctype: isalnum isalpha isdigit isxdigit isspace tolower toupper
charconv: from_chars to_chars chars_format errc
bitset: bitset
chrono: chrono milli micro nano ratio
cmath: exp2 llround lround log2 pow floor ceil
compare: strong_ordering weak_ordering partial_ordering
concepts: same_as convertible_to integral unsigned_integral invocable
csignal: signal raise
cstddef: size_t ptrdiff_t byte nullptr_t max_align_t
cstdint charconv chrono: int8_t int16_t int32_t int64_t uint8_t uint16_t uint32_t uint64_t
    uint_fast32_t uintptr_t
cstdio: FILE fopen fclose fread fwrite fputs fflush ferror feof printf fprintf snprintf
cstdlib: getenv abort exit _Exit atexit malloc free
cstring: memcpy memcmp memset memmove strlen strerror strcmp
exception stdexcept new: exception exception_ptr current_exception rethrow_exception terminate
expected: expected unexpected
functional: function not_fn greater hash invoke bind_front reference_wrapper ref cref
initializer_list: initializer_list
iterator: istreambuf_iterator
limits: numeric_limits
list: list
map: map multimap
map set string vector: erase_if
memory: unique_ptr shared_ptr weak_ptr make_unique make_shared addressof to_address
mutex: mutex lock_guard scoped_lock once_flag call_once
new: bad_alloc nothrow align_val_t
numeric: accumulate iota reduce gcd
optional: optional nullopt make_optional
random: random_device minstd_rand mt19937_64 uniform_real_distribution uniform_int_distribution
ranges: views subrange
set: set multiset
span: span as_bytes as_writable_bytes dynamic_extent
stdexcept: runtime_error logic_error length_error out_of_range invalid_argument
string stdexcept: string
string: to_string stoull stoul string_literals
string vector: erase
string_view: string_view string_view_literals
system_error charconv: errc
system_error: error_code error_condition generic_category system_category system_error
tuple: tuple tie apply forward_as_tuple
tuple array utility variant: get
type_traits: remove_cvref_t is_same_v is_enum_v is_integral_v underlying_type_t conditional_t
    decay_t
unordered_map: unordered_map
utility: cmp_less cmp_greater cmp_equal cmp_less_equal cmp_greater_equal in_range to_underlying
variant: variant get_if visit holds_alternative monostate
vector: vector
"""
# Of the libraries and of the system, the beginning of the header's name by what is named.
LIBRARIES: dict[str, str | tuple[str, ...]] = {
    r"\b(?:BIO|BN|CRYPTO|ECDSA|ERR|EVP|OPENSSL|OSSL|PEM|SSL|X509)_\w+": "openssl/",
    r"\b(?:curl_|CURL)\w+": "curl/",
    r"\b(?:sodium|crypto_[a-z]+)_\w+": "sodium/",
    r"\bsecp256k1_\w+": "secp256k1",
    r"\bblst_\w+": "blst",
    r"\bbase64_\w+": "b64/",
    r"\bnlohmann::": "nlohmann/",
    r"(?<!\w)::(?:close|read|write|clearenv)\b": ("unistd.h", "cstdlib"),
    r"(?<!\w)::(?:socket|connect|recv|send|setsockopt)\b": "sys/socket.h",
    r"(?<!\w)::poll\b": "poll.h",
    r"\binet_pton\b": "arpa/inet.h",
    r"\bsockaddr_in6?\b": "netinet/in.h",
    r"\bTCP_\w+": "netinet/tcp.h",
    r"\b(?:mmap|munmap|mlock|madvise|mprotect)\(": "sys/mman.h",
    r"\bprctl\(": "sys/prctl.h",
    r"\bgetrandom\(": "sys/random.h",
    r"\brlimit\b": "sys/resource.h",
    r"\berrno\b": "cerrno",
}

# Directives, comments, texts (raw ones, too) and letters in quotes; not the quotes within numbers.
UNREAD = re.compile(
    r"^[ \t]*#[^\n]*|//[^\n]*|/\*.*?\*/"
    r"|R\"(\w*)\(.*?\)\1\"|\"(?:\\.|[^\"\\\n])*\"|(?<!\w)'(?:\\.|[^'\\\n])+'",
    re.DOTALL | re.MULTILINE,
)
OF_STD = re.compile(r"\bstd::(?:ranges::)?(\w+)")
TYPE = re.compile(
    r"^(?:template <[^;{]*>\s+)?(?:class|struct|enum class|using|concept) (\w+)\b(?! *(?:;|::))",
    re.MULTILINE,
)
FUNCTION = re.compile(
    r"^(?:\[\[nodiscard\]\] )?(?!return |using |else )[\w:<>,&* ]+[ &*>](?!operator)(\w+)\(",
    re.MULTILINE,
)
ENUM = re.compile(r"\benum class \w+[^{;]*\{([^}]*)\}")
# What a file calls so itself: types, parameters, members, variables.
OWN = re.compile(
    r"\b(?:class|struct|enum class|enum|using|concept|typename) (\w+)\b(?! *::)"
    r"|(?!(?:return|else|throw|case|new|not|and|or) )\b[\w>]+[&*>]* [&*]*(\w+)\b(?= *[({;,=)\[:])"
)
# A name with the namespaces before it; none of a member's.
NAME = re.compile(r"(?<![\w.:~])(?<!->)((?:[a-z]\w*::)*)([A-Z]\w*\b|[a-z_]\w*\b(?!::))(\()?")


def headers_of_std() -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for headers, names in re.findall(r"^(\w[^:]*):(.*(?:\n .*)*)", STANDARD_LIBRARY, re.MULTILINE):
        for name in names.split():
            found[name] |= set(headers.split())
    return found


def own_names(code: str) -> set[str]:
    found = {name for pair in OWN.findall(code) for name in pair}
    return found.union(*(re.findall(r"\w+", values) for values in ENUM.findall(code)))


class Product:
    """Its files, what they include, and which of its headers declare a name."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.files = list(sources(root))
        self.texts = {path: path.read_text(encoding="utf-8") for path in self.files}
        self.code = {path: UNREAD.sub(" ", text) for path, text in self.texts.items()}
        self.own = {path: own_names(code) for path, code in self.code.items()}
        self.reached: dict[Path, set[Path | str]] = {}
        self.types: dict[str, set[Path]] = defaultdict(set)
        self.functions: dict[str, set[Path]] = defaultdict(set)
        for path in self.files:
            if path.suffix == ".hpp":
                for name in TYPE.findall(self.code[path]):
                    self.types[name].add(path)
                for name in FUNCTION.findall(self.code[path]):
                    self.functions[name].add(path)

    def file_of(self, includer: Path, target: str) -> Path | str:
        """The project's file, or another's name."""
        for folder in (includer.parent, *(self.root / name for name in ("include", "bootstrap"))):
            if (folder / target) in self.texts:
                return folder / target
        return target

    def reach(self, path: Path) -> set[Path | str]:
        """All that it includes, by way of the project's headers, and itself."""
        if path not in self.reached:
            self.reached[path] = {path}
            for _, target in INCLUDE.findall(self.texts[path]):
                found = self.file_of(path, target)
                self.reached[path] |= self.reach(found) if isinstance(found, Path) else {found}
        return self.reached[path]


def mistakes_of(product: Product, path: Path, standard: dict[str, set[str]]) -> Iterator[str]:
    code, reached = product.code[path], product.reach(path)
    others = {name for name in reached if isinstance(name, str)}
    own = set[str]().union(*(product.own[name] for name in reached if isinstance(name, Path)))
    for name in sorted(set(OF_STD.findall(code)) - {"ranges"}):
        if name not in standard:
            yield f"std::{name}: which header's is it? tests/lint/includes.py does not know"
        elif not standard[name] & others:
            yield f"std::{name}, without <{'> or <'.join(sorted(standard[name]))}>"
    for other in sorted(others):
        if other.endswith((".cpp", ".cxx", ".cc", ".c")):
            yield f"{other} is no header"
    for names, header in LIBRARIES.items():
        found = set(re.findall(names, code)) - own
        if found and not any(other.startswith(header) for other in others):
            yield f"{min(found)}, without its header: {header}"
    for space, name, call in sorted(set(NAME.findall(code))):
        declared = product.types[name] | (product.functions[name] if call else set())
        if (
            declared
            and not space.startswith("std::")
            and name not in own
            and not declared & reached
        ):
            where = min(str(header.relative_to(product.root)) for header in declared)
            yield f"{space}{name}, without {where}"


def mistakes(root: Path) -> list[str]:
    product, standard = Product(root), headers_of_std()
    found = [
        f"{path.relative_to(root)}: {mistake}"
        for path in product.files
        for mistake in mistakes_of(product, path, standard)
    ]
    return found if product.files else [f"{root}: no sources"]


def main() -> int:
    found = mistakes(Path(sys.argv[1]).resolve())
    for mistake in found:
        print(mistake, file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
