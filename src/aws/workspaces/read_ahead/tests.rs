use std::cell::RefCell;

use super::*;
use crate::aws::error::Kind;

const WORKSPACES: usize = 110;

fn workspace(number: usize) -> WorkSpace {
    WorkSpace {
        id: format!("ws-{number:05}"),
        directory_id: Some("d-1".to_owned()),
        ..WorkSpace::default()
    }
}

/// A directory with so many WorkSpaces, 25 a page, and the tokens of the pages that were read.
struct Pages {
    size: usize,
    read: RefCell<Vec<Option<String>>>,
}

impl Pages {
    fn of(size: usize) -> Self {
        Self { size, read: RefCell::default() }
    }

    fn page(&self, token: Option<&String>) -> Page<WorkSpace> {
        let from: usize = token.map_or(0, |token| token.parse().unwrap());
        let to = self.size.min(from + 25);
        self.read.borrow_mut().push(token.cloned());
        Page {
            items: (from..to).map(workspace).collect(),
            next_token: (to < self.size).then(|| to.to_string()),
        }
    }

    fn count(&self) -> usize {
        self.read.borrow().len()
    }

    /// Asks for these as a batch, with a call for what the pages do not show; what they show.
    async fn ask(&self, ahead: &ReadAhead, numbers: impl Iterator<Item = usize>) -> usize {
        let ids: Vec<String> = numbers.map(|number| workspace(number).id).collect();
        let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
        let read = |directory: String, token: Option<String>| {
            assert_eq!(directory, "d-1");
            let page = self.page(token.as_ref());
            async move { Ok(page) }
        };
        let found = ahead.take(&ids, read).await;
        let rest = ids.iter().filter(|id| !found.contains_key(**id));
        let rest: Vec<WorkSpace> =
            rest.map(|id| workspace(id.trim_start_matches("ws-").parse().unwrap())).collect();
        if !rest.is_empty() {
            ahead.note_call(&rest);
        }
        found.len()
    }
}

fn new() -> ReadAhead {
    ReadAhead::new(&Arc::default())
}

#[tokio::test(start_paused = true)]
async fn from_the_second_batch_on_the_pages_answer() {
    let (ahead, pages) = (new(), Pages::of(WORKSPACES));
    assert_eq!(pages.ask(&ahead, 0..10).await, 0);
    assert_eq!(pages.count(), 0, "the directory is not known yet");
    for batch in 1..11 {
        assert_eq!(pages.ask(&ahead, batch * 10..batch * 10 + 10).await, 10, "batch {batch}");
    }
    assert_eq!(pages.count(), 5);
    assert_eq!(pages.ask(&ahead, 0..5).await, 5, "those of the first batch are on a page too");
    assert_eq!(pages.ask(&ahead, 20..30).await, 0, "a page answers once");
}

#[tokio::test(start_paused = true)]
async fn small_and_large_batches_read_no_pages() {
    for size in [1, 4, 13, 25] {
        let (ahead, pages) = (new(), Pages::of(WORKSPACES));
        for batch in 0..3 {
            assert_eq!(pages.ask(&ahead, batch * size..(batch + 1) * size).await, 0);
        }
        assert_eq!(pages.count(), 0, "batches of {size}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_large_directory_of_which_little_is_asked_for_is_not_read_to_its_end() {
    let (ahead, pages) = (new(), Pages::of(10_000));
    for batch in 0..10 {
        pages.ask(&ahead, 9_000 + batch * 10..9_010 + batch * 10).await;
    }
    assert!(pages.count() <= 3 * PAGES_A_CALL, "{} pages", pages.count());
}

#[tokio::test(start_paused = true)]
async fn an_old_page_answers_nothing_and_neither_does_one_from_before_a_change() {
    for is_changed in [false, true] {
        let (ahead, pages) = (new(), Pages::of(WORKSPACES));
        pages.ask(&ahead, 0..10).await;
        assert_eq!(pages.ask(&ahead, 10..20).await, 10);
        if is_changed {
            ahead.changed();
        } else {
            tokio::time::advance(FRESH).await;
        }
        // They are on the first page, which is not read again.
        assert_eq!(pages.ask(&ahead, 20..25).await, 0);
        assert_eq!(pages.read.borrow().iter().filter(|token| token.is_none()).count(), 1);
    }
}

#[tokio::test(start_paused = true)]
async fn a_batch_does_not_wait_for_many_slow_pages() {
    let (ahead, pages) = (new(), Pages::of(WORKSPACES));
    pages.ask(&ahead, 0..10).await;
    let slow = |_, token: Option<String>| {
        let page = pages.page(token.as_ref());
        async move {
            tokio::time::sleep(Duration::from_millis(300)).await;
            Ok(page)
        }
    };
    let begun = Instant::now();
    let last = ["ws-00105", "ws-00106", "ws-00107", "ws-00108", "ws-00109"];
    assert!(ahead.take(&last, slow).await.is_empty());
    assert_eq!((pages.count(), begun.elapsed()), (2, Duration::from_millis(600)));
    assert_eq!(pages.ask(&ahead, 25..35).await, 10, "what was read counts");
}

#[tokio::test(start_paused = true)]
async fn a_page_that_fails_leaves_the_look_ups_to_calls() {
    let (ahead, pages) = (new(), Pages::of(WORKSPACES));
    pages.ask(&ahead, 0..10).await;
    let refused = |_, _| async { Err(Error::local(Kind::AccessDenied, "Describe", "here", "no")) };
    let ids = ["ws-00010", "ws-00011", "ws-00012", "ws-00013", "ws-00014"];
    assert!(ahead.take(&ids, refused).await.is_empty());
    assert_eq!(pages.ask(&ahead, 20..30).await, 0);
    assert_eq!(pages.count(), 0);
}

#[tokio::test(start_paused = true)]
async fn what_is_not_to_be_kept_is_asked_for() {
    let ahead = ReadAhead::of(|workspace| !workspace.id.ends_with('3'), FRESH, &Arc::default());
    let pages = Pages::of(WORKSPACES);
    pages.ask(&ahead, 0..10).await;
    assert_eq!(pages.ask(&ahead, 10..20).await, 9);
}

#[tokio::test(start_paused = true)]
async fn tags_are_read_for_those_on_the_pages_that_were_not_asked_for() {
    let (ahead, pages) = (new(), Pages::of(WORKSPACES));
    pages.ask(&ahead, 0..10).await;
    assert!(ahead.untagged(90).ids.is_empty());
    pages.ask(&ahead, 100..110).await;
    for number in (0..10).chain(100..110) {
        assert_eq!(ahead.take_tags(&workspace(number).id), None);
    }
    let more = ahead.untagged(100);
    assert_eq!(more.ids.len(), 90, "each once");
    assert!(ahead.untagged(100).ids.is_empty());
    let ids = more.ids.clone();
    ahead.keep_tags(more, ids.iter().map(|_| None));
    assert_eq!(ahead.take_tags(&ids[0]), Some(None));
    assert_eq!(ahead.take_tags(&ids[0]), None, "once");
    tokio::time::advance(FRESH).await;
    assert_eq!(ahead.take_tags(&ids[1]), None, "too old");
}

#[tokio::test(start_paused = true)]
async fn tags_of_before_a_change_are_not_kept() {
    let (ahead, pages) = (new(), Pages::of(WORKSPACES));
    pages.ask(&ahead, 0..10).await;
    pages.ask(&ahead, 10..20).await;
    let more = ahead.untagged(100);
    let id = more.ids[0].clone();
    // While the call is under way.
    ahead.changed();
    let read: Vec<_> = more.ids.iter().map(|_| None).collect();
    ahead.keep_tags(more, read.into_iter());
    assert_eq!(ahead.take_tags(&id), None);
}

/// Answers from pages come one by one, and so do the next operations of Terraform.
#[tokio::test(start_paused = true)]
async fn once_pages_answer_they_are_read_to_the_end_for_small_batches_too() {
    let size = 400;
    let (ahead, pages) = (new(), Pages::of(size));
    // Terraform walks the resources in any order; 7 and 400 have no common divisor.
    let mut order = (0..size).map(|number| number * 7 % size);
    pages.ask(&ahead, order.by_ref().take(10)).await;
    pages.ask(&ahead, order.by_ref().take(10)).await;
    let mut calls = 2;
    while order.len() > 0 {
        let batch: Vec<usize> = order.by_ref().take(3).collect();
        let asked = batch.len();
        calls += usize::from(pages.ask(&ahead, batch.into_iter()).await < asked);
    }
    assert_eq!(pages.count(), size / 25);
    assert!(calls <= 4, "{calls} calls by ids");
}

#[tokio::test(start_paused = true)]
async fn a_workspace_that_is_asked_for_twice_is_on_one_page() {
    let (ahead, pages) = (new(), Pages::of(WORKSPACES));
    pages.ask(&ahead, 0..10).await;
    assert_eq!(pages.ask(&ahead, (10..15).chain(10..15)).await, 5);
    assert_eq!(pages.count(), 1, "what was found is not looked for");
}
