"""The prices: X's, unless the operator says otherwise; what is shown and what is booked go by the same."""

from decimal import Decimal

import pytest

from tasks import price
from tasks.kinds import KINDS


def test_prices_are_read_by_their_names_and_the_others_stay_those_of_x():
    read = price.read(" post=0.02, post_with_link = 0.25 ,")

    assert (read.post, read.post_with_link) == (Decimal("0.02"), Decimal("0.25"))
    assert read.deletion == price.LIST.deletion


@pytest.mark.parametrize(
    "said",
    [
        "tweet=0.02",
        "post",
        "post=",
        "post=x",
        "post=-1",
        "post=NaN",
        "post=1e9",
        "post=0.00001",
        "post=1,post=2",
    ],
)
def test_what_is_no_price_and_names_that_there_are_not_are_refused(said):
    with pytest.raises(ValueError):
        price.read(said)


def test_the_prices_of_the_settings_hold_where_they_are_used_and_nowhere_else():
    dear = price.read("post=0.02,user_read=0.03")
    with price.using(dear):
        inside = KINDS["tweet"].price("Hello", 1).cents_100, price.of_people(2).cents_100

    assert inside == (250, 600)
    assert KINDS["tweet"].price("Hello", 1).cents_100 == 200
