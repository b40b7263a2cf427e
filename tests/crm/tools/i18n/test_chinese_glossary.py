from crm.tools.i18n import chinese_glossary


def test_every_demanded_word_differs_from_its_conversion():
    converter = chinese_glossary._converter("s2t")

    assert [
        word for word, demanded in chinese_glossary.TRADITIONAL_WORDS.items() if converter.convert(word) in demanded
    ] == []
