use futures_util::future::join_all;

use super::*;

/// Acquires a permit, holds it for 50 ms of virtual time, and returns its name.
async fn call(limiter: &Limiter, priority: Priority, name: u32, order: &Mutex<Vec<u32>>) {
    let mut permit = limiter.permit("DescribeTags", priority);
    permit.acquire().await;
    order.lock().unwrap().push(name);
    tokio::time::sleep(Duration::from_millis(50)).await;
    permit.on_success();
}

/// A limiter that was throttled once, so that permits come one by one.
async fn slowed() -> Limiter {
    let limiter = Limiter::default();
    let mut permit = limiter.permit("DescribeTags", Priority::Change);
    permit.acquire().await;
    permit.on_throttle(None);
    limiter
}

#[tokio::test(start_paused = true)]
async fn permits_come_in_the_order_they_were_asked_for() {
    let (limiter, order) = (slowed().await, Mutex::default());
    join_all((0..20).map(|name| call(&limiter, Priority::Refresh, name, &order))).await;
    assert_eq!(*order.lock().unwrap(), (0..20).collect::<Vec<_>>());
}

#[tokio::test(start_paused = true)]
async fn what_finishes_work_goes_before_what_refreshes() {
    let (limiter, order) = (slowed().await, Mutex::default());
    let refreshes = join_all((0..5).map(|name| call(&limiter, Priority::Refresh, name, &order)));
    let change = async {
        tokio::time::sleep(Duration::from_millis(700)).await;
        call(&limiter, Priority::Change, 100, &order).await;
    };
    tokio::join!(refreshes, change);
    let place = order.lock().unwrap().iter().position(|name| *name == 100);
    assert_eq!(place, Some(1), "behind the one that had gone already");
}

#[tokio::test(start_paused = true)]
async fn only_some_are_under_way_at_once() {
    let (limiter, order) = (Limiter::default(), Mutex::default());
    let start = Instant::now();
    join_all((0..40).map(|name| call(&limiter, Priority::Refresh, name, &order))).await;
    // 4, 4, 4, then 10, 10 and the last 8.
    assert_eq!(start.elapsed(), 6 * Duration::from_millis(50));
}

#[tokio::test(start_paused = true)]
async fn a_dropped_permit_frees_its_place() {
    let (limiter, order) = (slowed().await, Mutex::default());
    let patience = Duration::from_millis(100);
    let leaving = call(&limiter, Priority::Change, 0, &order);
    tokio::time::timeout(patience, leaving).await.unwrap_err();
    // So does who goes in the middle of a call.
    let holding = join_all((1..=4).map(|name| call(&limiter, Priority::Change, name, &order)));
    tokio::time::timeout(Duration::from_millis(1900), holding).await.unwrap_err();
    call(&limiter, Priority::Refresh, 9, &order).await;
    assert_eq!(order.lock().unwrap().last(), Some(&9));
}

#[tokio::test(start_paused = true)]
async fn operations_do_not_hold_each_other_back() {
    let limiter = slowed().await;
    let start = Instant::now();
    limiter.permit("DescribeWorkspaces", Priority::Refresh).acquire().await;
    assert_eq!(start.elapsed(), Duration::ZERO);
}
