from crm.words import glossary


def test_every_demanded_word_differs_from_its_conversion():
    converter = glossary._converter("s2t")

    assert [word for word, demanded in glossary.DEMANDED.items() if converter.convert(word) in demanded] == []
