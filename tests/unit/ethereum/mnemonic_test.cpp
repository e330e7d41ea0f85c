// SPDX-License-Identifier: Apache-2.0
#include <redoubt/ethereum/mnemonic.hpp>

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>

#include <redoubt/base/encoding.hpp>

namespace redoubt::ethereum::test {
namespace {

/// The rows of BIP-39's own test vectors that show each length; seeds with the passphrase TREZOR.
struct Row {
    std::string_view entropy, words, seed;
};
constexpr Row rows[] = {
    {"00000000000000000000000000000000",
     "abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon "
     "about",
     "c55257c360c07c72029aebc1b53c05ed0362ada38ead3e3e9efa3708e53495531f09a6987599d18264c1e1c92f2cf"
     "1"
     "41630c7a3c4ab7c81b2f001698e7463b04"},
    {"7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f",
     "legal winner thank year wave sausage worth useful legal winner thank year wave sausage worth "
     "useful legal will",
     "f2b94508732bcbacbcc020faefecfc89feafa6649a5491b8c952cede496c214a0c7b3c392d168748f2d4a612bada0"
     "7"
     "53b52a1c7ac53c1e93abd5c6320b9e95dd"},
    {"ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
     "zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo "
     "vote",
     "dd48c104698c30cfe2b6142103248622fb7bb0ff692eebb00089b32d22484e1613912f0a5b694407be899ffd31ed3"
     "9"
     "92c456cdf60f5d4564b8ba3f05a69890ad"},
    {"f585c11aec520db57dd353c69554b21a89b20fb0650966fa0a9d6f74fd989d8f",
     "void come effort suffer camp survey warrior heavy shoot primary clutch crush open amazing "
     "screen patrol group space point ten exist slush involve unfold",
     "01f5bced59dec48e362f2c45b5de68b9fd6c92c6634f44d6d40aab69056506f0e35524a518034ddc1192e1dacd32c"
     "1"
     "ed3eaa3c3b131c88ed8e7e54c49a5d0998"},
};

Mnemonic parsed(std::string_view text) {
    auto mnemonic = Mnemonic::parse(text);
    if (!mnemonic) throw std::runtime_error(mnemonic.error().message);
    return std::move(*mnemonic);
}

std::string refused_words(std::string_view text) {
    const auto mnemonic = Mnemonic::parse(text);
    return mnemonic ? "accepted" : mnemonic.error().message;
}

TEST(Mnemonic, IsItsEntropysAndMakesItsSeed) {
    for (const Row& row : rows) {
        const Bytes entropy = from_hex(row.entropy).value();
        EXPECT_EQ(Mnemonic::generate(entropy).words(), row.words);
        const Mnemonic read = parsed(row.words);
        EXPECT_EQ(read.words(), row.words);
        EXPECT_EQ(to_hex(read.seed("TREZOR").value().view()), row.seed);
    }
}

TEST(Mnemonic, HasEntropyOf128To256Bits) {
    for (std::size_t size = 0; size <= 40; ++size) {
        const Bytes entropy(size, 0x5a);
        if (size < 16 || size > 32 || size % 4 != 0) {
            EXPECT_THROW(static_cast<void>(Mnemonic::generate(entropy)), std::logic_error) << size;
        } else {
            const Mnemonic made = Mnemonic::generate(entropy);
            EXPECT_EQ(parsed(made.words()).words(), made.words()) << size;
        }
    }
}

TEST(Mnemonic, HasOneSpellingOfMany) {
    const std::string text(rows[0].words);
    std::string lines = "\r\n\t" + text + " \n";
    for (std::size_t at = lines.find(' '); at < lines.size() - 3; at = lines.find(' ', at + 2)) {
        lines.replace(at, 1, "\n ");
    }
    EXPECT_EQ(parsed(lines).words(), text);
}

TEST(Mnemonic, SaysWhatIsWrong) {
    const std::string eleven =
        "abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon";
    EXPECT_EQ(refused_words(""), "the mnemonic has 0 words, not 12, 15, 18, 21 or 24");
    EXPECT_EQ(refused_words(eleven), "the mnemonic has 11 words, not 12, 15, 18, 21 or 24");
    EXPECT_EQ(refused_words(eleven + " about about"),
              "the mnemonic has 13 words, not 12, 15, 18, 21 or 24");
    EXPECT_EQ(refused_words(eleven + " " + eleven + " about about about about about"),
              "the mnemonic has 27 words, not 12, 15, 18, 21 or 24");
    EXPECT_NE(refused_words(eleven + " abandon").find("checksum"), std::string::npos);
    const std::string swapped =
        "winner legal thank year wave sausage worth useful legal winner "
        "thank yellow";
    EXPECT_NE(refused_words(swapped).find("two changed places"), std::string::npos);
    for (const char* wrong : {"Abandon", "aban", "abandonn", "zzz", "\xff", "ab\u00e1ndon"}) {
        const std::string text = eleven.substr(8) + " " + wrong + " about";
        EXPECT_EQ(refused_words(text),
                  "word 11 of the mnemonic is not in BIP-39's English list, whose "
                  "words are in lower case and whole");
    }
    EXPECT_EQ(refused_words(std::string(1025, ' ')),
              "the mnemonic has 1025 bytes, at most 1024 count");
}

/// Of the package `mnemonic`, for 16 zero bytes and more; composed and not.
TEST(Mnemonic, OfAnotherLanguageIsRefusedByItsName) {
    const auto is_named = [](std::string_view text, const std::string& language) {
        EXPECT_EQ(refused_words(text), "the mnemonic is in BIP-39's list for " + language +
                                           ": only the English list is known here");
    };
    is_named("浓 洪 谐 误 氢 弟 默 寿 根 决 惨 望", "Chinese (simplified)");
    is_named("影 世 艇 光 說 基 午 徑 常 昇 葉 貫", "Chinese (traditional)");
    is_named(
        "konec dareba cela kormidlo amputace oteplit pinzeta makovice tkadlec radnice doplnit "
        "vyplatit",
        "Czech");
    is_named(
        "boulon sélectif olfactif ampleur ivresse ligature choisir témoin domaine service horizon "
        "dimanche",
        "French");
    is_named(
        "boulon sélectif olfactif ampleur ivresse ligature choisir témoin domaine service horizon "
        "dimanche",
        "French");
    is_named(
        "euclideo orzo congelare zitto spirale avvenire colore onnivoro chiaro araldica calcolo "
        "gasolio",
        "Italian");
    is_named(
        "げざん　いもうと　みなと　ざいげん　めいれい　けんお　ほあん　いいだす　はろうぃん　ねぼう"
        "　ちょさくけん　のんき",
        "Japanese");
    is_named("통일 후춧가루 중간 계절 진행 시험 질병 밤하늘 밀가루 법칙 호흡 공짜", "Korean");
    is_named("sudeste liquidez ovular apetite lapidar laje rubro moto coronha ditador murcho orla",
             "Portuguese");
    is_named(
        "раковина общество течение жалоба газета обитать академия пожалуй сияние аспирант киоск "
        "кобура",
        "Russian");
    is_named("novio símbolo salmón sol muslo leña enano norma carta guía urna conde", "Spanish");
    is_named("karınca figür runik derhal hile rivayet sürahi salkım çaput zaruret anonim okul",
             "Turkish");
}

/// BIP-39's Japanese vectors have passphrases that are composed.
TEST(MnemonicSeed, HasThePassphraseInNfkd) {
    const Mnemonic mnemonic = parsed(rows[0].words);
    EXPECT_EQ(to_hex(mnemonic.seed("Zürich ①").value().view()),
              to_hex(mnemonic.seed("Zu\u0308rich 1").value().view()));
    EXPECT_NE(to_hex(mnemonic.seed("Zurich 1").value().view()),
              to_hex(mnemonic.seed("Zu\u0308rich 1").value().view()));
    EXPECT_EQ(mnemonic.seed("\xff").error().message,
              "the mnemonic's passphrase is not UTF-8 of at most 1024 bytes");
    EXPECT_FALSE(mnemonic.seed(std::string(1025, 'x')));
    EXPECT_TRUE(mnemonic.seed(std::string(1024, 'x')));
}

}  // namespace
}  // namespace redoubt::ethereum::test
