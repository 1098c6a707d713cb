use std::cell::Cell;

use super::*;

fn api() -> Api<()> {
    Api::new((), "us-west-2", 1, &Limiter::default(), &InFlight::new(Duration::from_millis(50)))
}

/// How many pages are read of a list that has these tokens, and how that ends.
async fn read(token: impl Fn(usize) -> Option<String>) -> (usize, Result<usize, String>) {
    let (read, token) = (Cell::new(0), &token);
    let pages = &read;
    let page = |_| async move {
        pages.set(pages.get() + 1);
        Ok(Page { items: vec![0_u8; 25], next_token: token(pages.get()) })
    };
    let items = api().all_pages("DescribeWorkspaces", page).await;
    (read.get(), items.map(|items| items.len()).map_err(|error| error.message))
}

#[tokio::test]
async fn a_list_is_read_to_its_last_page() {
    assert_eq!(read(|page| (page < 4).then(|| page.to_string())).await, (4, Ok(100)));
    assert_eq!(read(|_| Some(String::new())).await, (1, Ok(25)));
}

#[tokio::test]
async fn a_list_that_leads_back_to_an_earlier_page_ends() {
    for cycle in 1..4 {
        let (pages, items) = read(|page| Some((page % cycle).to_string())).await;
        assert_eq!(pages, cycle + 1);
        assert!(items.unwrap_err().contains("does not end"));
    }
}

#[tokio::test]
async fn a_list_without_end_ends_at_a_cap() {
    let (pages, items) = read(|page| Some(page.to_string())).await;
    assert!(pages <= MOST_PAGES + 1, "{pages} pages");
    assert!(items.unwrap_err().contains("too long"));
}
