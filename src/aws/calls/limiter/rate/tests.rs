use super::*;

/// A token bucket as AWS has it.
struct Bucket {
    per_second: f64,
    burst: f64,
    tokens: f64,
    at: Instant,
}

impl Bucket {
    fn takes(&mut self, now: Instant) -> bool {
        let passed = now.duration_since(self.at).as_secs_f64();
        self.tokens = (self.tokens + passed * self.per_second).min(self.burst);
        self.at = now;
        let taken = self.tokens >= 1.0;
        self.tokens -= f64::from(u8::from(taken));
        taken
    }
}

/// Sends one call after the other, each taking 50 ms, until so many were accepted. Returns the time
/// that took, and how many were throttled.
fn run(per_second: f64, burst: f64, accepted: u32) -> (Duration, u32) {
    let (start, mut rate) = (Instant::now(), Rate::default());
    let mut bucket = Bucket { per_second, burst, tokens: burst, at: start };
    let (mut now, mut done, mut throttled) = (start, 0, 0);
    while done < accepted {
        now = now.max(rate.not_before().unwrap_or(now));
        let sent = now;
        rate.sent(sent);
        let taken = bucket.takes(sent);
        now += Duration::from_millis(50);
        if taken {
            rate.on_success();
            done += 1;
        } else {
            rate.on_throttle(sent, now, None);
            throttled += 1;
        }
    }
    (now - start, throttled)
}

#[test]
fn it_converges_on_what_is_allowed() {
    for (per_second, burst) in [(0.3, 1.0), (1.5, 2.0), (5.0, 10.0), (15.0, 20.0)] {
        for calls in [100, 1000] {
            let (took, throttled) = run(per_second, burst, calls);
            let reached = f64::from(calls) / took.as_secs_f64();
            // A high rate is found slowly, a step with each call.
            let found = calls == 1000 || per_second <= 5.0;
            assert!(!found || reached > 0.7 * per_second, "{reached} of {per_second} a second");
            // From 2 to 0.3 calls a second it takes six throttles.
            let most = calls / 20 + 6;
            assert!(throttled <= most, "{throttled} of {calls} throttled at {per_second} a second");
        }
    }
}

#[test]
fn what_is_never_throttled_is_never_held_back() {
    let mut rate = Rate::default();
    for _ in 0..1000 {
        rate.sent(Instant::now());
        rate.on_success();
        assert_eq!(rate.not_before(), None);
    }
}

#[test]
fn calls_that_are_throttled_together_slow_down_once() {
    let (mut rate, start) = (Rate::default(), Instant::now());
    for _ in 0..10 {
        rate.sent(start);
    }
    let then = start + Duration::from_millis(50);
    for _ in 0..10 {
        rate.on_throttle(start, then, None);
    }
    assert_eq!(rate.throttles(), 1);
    assert_eq!(rate.not_before(), Some(then + Duration::from_millis(500)));
}

#[test]
fn a_wait_that_aws_asks_for_is_kept() {
    let (mut rate, start) = (Rate::default(), Instant::now());
    rate.on_throttle(start, start, Some(Duration::from_secs(7)));
    rate.on_throttle(start, start, None);
    assert_eq!(rate.not_before(), Some(start + Duration::from_secs(7)));
}

#[test]
fn no_permit_takes_longer_than_ten_seconds_and_calm_frees_the_rate_again() {
    let (mut rate, mut now) = (Rate::default(), Instant::now());
    for _ in 0..100 {
        rate.sent(now);
        rate.on_throttle(now, now, None);
        let next = rate.not_before().unwrap();
        assert!(next - now <= Duration::from_secs(10));
        now = next;
    }
    for _ in 0..1000 {
        rate.on_success();
    }
    assert_eq!(rate.not_before(), None);
}
