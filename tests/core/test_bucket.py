"""Token buckets: a burst passes, then the rate holds; many keys are remembered, and no more than told."""

from lk_reflex.core.bucket import Bucket, Buckets


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


def test_a_burst_passes_and_then_the_rate_holds():
    clock = Clock()
    bucket = Bucket(2.0, 3.0, clock)
    assert [bucket.take() for _ in range(3)] == [0, 0, 0]
    assert bucket.take() == 0.5
    clock.now += 0.5
    assert bucket.take() == 0
    assert bucket.take() > 0
    clock.now += 3600
    assert [bool(bucket.take()) for _ in range(4)] == [False, False, False, True]


def test_each_has_a_bucket_of_their_own_and_only_so_many_are_remembered():
    clock = Clock()
    buckets = Buckets(1.0, 1.0, most=2, clock=clock)
    assert buckets.take("a") and not buckets.take("a")
    assert buckets.take("b") and not buckets.take("a")
    assert buckets.take("c")  # «b», asked for longest ago, is forgotten
    assert not buckets.take("a") and not buckets.take("c")
    assert buckets.take("b")
