// SPDX-License-Identifier: Apache-2.0
// The `Date` of an answer, and the clock that follows it. The input: the header's value.
#include <redoubt/aws/service.hpp>

#include <fakes/aws_answer.hpp>
#include <fakes/fake_clock.hpp>
#include "check.hpp"

namespace redoubt::fuzz::http_date {
namespace {

void check_clock(WallTime date) {
    using namespace std::chrono_literals;
    test::FakeClock clock;
    aws::CorrectedClock corrected(clock);
    corrected.on_date(date);
    const Milliseconds off = std::chrono::abs(date - clock.wall());
    check(corrected.measured_offset() == date - clock.wall(), "the difference is what it is");
    check(corrected.now() == (off > 4min ? date : clock.wall()),
          "AWS's time counts from four minutes on");
    corrected.on_date(clock.wall());
    check(corrected.now() == clock.wall(), "the last answer counts");
}

}  // namespace

void one_input(ByteView input) {
    const std::string text(text_of(input));
    const auto date = parse_http_date(text);
    if (!date) return;
    check(text.ends_with(" GMT") && text.size() == 29, "the one form of RFC 9110");
    const std::string year = text.substr(12, 4);
    if (year >= "1000" && year < "9999") {  // C writes as many digits as a year needs
        // A leap second has another spelling; the weekday is not compared.
        const std::string written = test::http_date(*date);
        check(text.substr(23, 2) == "60" || text.substr(3) == written.substr(3),
              "what is read is what C writes");
        check(parse_http_date(written) == *date, "and what C writes is read");
    }
    check_clock(*date);
}

}  // namespace redoubt::fuzz::http_date
