"""Every example of twitter-text's conformance files, as far as they speak of what a post's text is."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from twitter.hosts import top_level_domains
from twitter.links import links
from twitter.tags import cashtags, hashtags, mentions
from twitter.text import V3, Config, weigh
from twitter.urls import is_url

DATA = Path(__file__).parents[3] / "shared" / "data" / "twitter-text"
# The configurations before V3: 140 characters of one weight; then weights, but an emoji counted by its code points.
V1 = Config(scale=1, default_weight=1, link_length=23, emoji_as_one=False, ranges=())
V2 = replace(V3, emoji_as_one=False)

Example = dict[str, Any]


def examples(file: str, *sections: str) -> list[Any]:
    path = DATA / file
    if not path.exists():
        reason = f"twitter-text's conformance file {file} is not beside the project (../shared/data)"
        return [pytest.param({}, marks=pytest.mark.skip(reason=reason))]
    tests = yaml.safe_load(path.read_text("utf-8"))["tests"]
    return [
        pytest.param(example, id=f"{section}: {example['description']}"[:90])
        for section in sections
        for example in tests[section]
    ]


def utf16(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def weighed(text: str, config: Config) -> dict[str, object]:
    result = weigh(text, config=config)
    return {
        "weightedLength": result.length,
        "valid": result.valid,
        "permillage": result.permillage,
        "displayRangeStart": 0,
        "displayRangeEnd": utf16(text) - 1,
        "validRangeStart": 0,
        "validRangeEnd": result.valid_until,
    }


@pytest.mark.parametrize("example", examples("validate.yml", "tweets"))
def test_a_post_of_the_first_configuration_is_valid_as_in_twitter_text(example: Example) -> None:
    result = weigh(example["text"], limit=140, config=V1)

    assert result.valid is example["expected"]


@pytest.mark.parametrize("example", examples("validate.yml", "WeightedTweetsCounterTest"))
def test_a_text_weighs_by_code_points_as_in_twitter_text(example: Example) -> None:
    assert weighed(example["text"], V2) == example["expected"]


@pytest.mark.parametrize("example", examples("validate.yml", "WeightedTweetsWithDiscountedEmojiCounterTest"))
def test_a_text_weighs_with_emoji_as_one_as_in_twitter_text(example: Example) -> None:
    assert weighed(example["text"], V3) == example["expected"]


@pytest.mark.parametrize("config", [V2, V3], ids=["v2", "v3"])
@pytest.mark.parametrize("example", examples("validate.yml", "UnicodeDirectionalMarkerCounterTest"))
def test_directional_and_refused_characters_count_as_in_twitter_text(
    example: Example, config: Config
) -> None:
    assert weighed(example["text"], config) == example["expected"]


@pytest.mark.parametrize("example", examples("validate.yml", "usernames"))
def test_a_whole_string_is_a_mention_as_in_twitter_text(example: Example) -> None:
    text = example["text"]

    names = [(mention.name, mention.list_slug) for mention in mentions(text)]

    assert (names == [(text[1:], "")]) is example["expected"]


@pytest.mark.parametrize("example", examples("validate.yml", "lists"))
def test_a_whole_string_is_a_list_as_in_twitter_text(example: Example) -> None:
    text = example["text"]

    spans = [(mention.start, mention.end, bool(mention.list_slug)) for mention in mentions(text)]

    assert (spans == [(0, len(text), True)]) is example["expected"]


@pytest.mark.parametrize("example", examples("validate.yml", "hashtags"))
def test_a_whole_string_is_a_hashtag_as_in_twitter_text(example: Example) -> None:
    text = example["text"]

    names = [tag.name for tag in hashtags(text)]

    assert (names == [text[1:]]) is example["expected"]


@pytest.mark.parametrize("example", examples("validate.yml", "urls"))
def test_a_whole_string_is_a_url_as_in_twitter_text(example: Example) -> None:
    assert is_url(example["text"]) is example["expected"]


@pytest.mark.parametrize("example", examples("validate.yml", "urls_without_protocol"))
def test_a_whole_string_is_a_url_without_scheme_as_in_twitter_text(example: Example) -> None:
    assert is_url(example["text"], scheme_required=False) is example["expected"]


@pytest.mark.parametrize("example", examples("extract.yml", "urls", "tco_urls_with_params"))
def test_links_are_found_as_in_twitter_text(example: Example) -> None:
    found = [link.url for link in links(example["text"])]

    assert found == example["expected"]
    assert all(is_url(url, scheme_required=False) for url in found)


@pytest.mark.parametrize(
    "example", examples("extract.yml", "urls_with_indices", "urls_with_directional_markers")
)
def test_links_are_found_at_the_places_of_twitter_text(example: Example) -> None:
    found = [{"url": link.url, "indices": [link.start, link.end]} for link in links(example["text"])]

    assert found == example["expected"]


@pytest.mark.parametrize("example", examples("tlds.yml", "country", "generic"))
def test_a_top_level_domain_makes_a_link_as_in_twitter_text(example: Example) -> None:
    assert [link.url for link in links(example["text"])] == example["expected"]


def test_the_packaged_top_level_domains_are_those_of_twitter_text() -> None:
    tested = {param.values[0].get("text", "") for param in examples("tlds.yml", "country", "generic")}
    if tested == {""}:
        pytest.skip("twitter-text's conformance file tlds.yml is not beside the project (../shared/data)")

    assert top_level_domains() == {text.removeprefix("https://twitter.") for text in tested}


@pytest.mark.parametrize("example", examples("extract.yml", "mentions"))
def test_mentions_are_found_as_in_twitter_text(example: Example) -> None:
    assert [mention.name for mention in mentions(example["text"])] == example["expected"]


@pytest.mark.parametrize(
    "example", examples("extract.yml", "mentions_with_indices", "mentions_or_lists_with_indices")
)
def test_mentions_are_found_at_the_places_of_twitter_text(example: Example) -> None:
    expected = [{"list_slug": ""} | mention for mention in example["expected"]]

    found = [
        {"screen_name": mention.name, "list_slug": mention.list_slug, "indices": [mention.start, mention.end]}
        for mention in mentions(example["text"])
    ]

    assert found == expected


@pytest.mark.parametrize("example", examples("extract.yml", "replies"))
def test_the_first_mention_makes_a_reply_as_in_twitter_text(example: Example) -> None:
    text = example["text"]

    first = next((mention.name for mention in mentions(text) if not text[: mention.start].strip()), None)

    assert first == example["expected"]


@pytest.mark.parametrize("example", examples("extract.yml", "hashtags", "hashtags_from_astral"))
def test_hashtags_are_found_as_in_twitter_text(example: Example) -> None:
    assert [tag.name for tag in hashtags(example["text"])] == example["expected"]


@pytest.mark.parametrize("example", examples("extract.yml", "hashtags_with_indices"))
def test_hashtags_are_found_at_the_places_of_twitter_text(example: Example) -> None:
    found = [{"hashtag": tag.name, "indices": [tag.start, tag.end]} for tag in hashtags(example["text"])]

    assert found == example["expected"]


@pytest.mark.parametrize("example", examples("extract.yml", "cashtags"))
def test_cashtags_are_found_as_in_twitter_text(example: Example) -> None:
    assert [tag.name for tag in cashtags(example["text"])] == example["expected"]


@pytest.mark.parametrize("example", examples("extract.yml", "cashtags_with_indices"))
def test_cashtags_are_found_at_the_places_of_twitter_text(example: Example) -> None:
    found = [{"cashtag": tag.name, "indices": [tag.start, tag.end]} for tag in cashtags(example["text"])]

    assert found == example["expected"]
