use proptest::prelude::*;

use super::*;

fn error(message: &str) -> Error {
    Error::local(Kind::Other, "CreateStandbyWorkspaces", "us-west-2", message)
}

fn accepted(id: &str) -> Accepted {
    Accepted { id: id.to_owned(), user_name: None, state: None, shown: None }
}

fn pairing(mine: &str, primaries: &[String], pending: usize) -> Pairing {
    let pending = (0..pending).map(|n| accepted(&format!("ws-{n}"))).collect();
    Pairing::new(mine, &Call::new(&primaries.into(), pending, &error("neither")))
}

proptest! {
    /// Whatever is shown in whatever order: a guess is right, comes at the latest when all is
    /// shown, and nobody takes an id of somebody else's.
    #[test]
    fn a_guess_is_never_wrong(
        count in 2_usize..26,
        left_out in 0_usize..3,
        seed in any::<u64>(),
        revealed in proptest::collection::vec(any::<bool>(), 26),
    ) {
        let primaries: Vec<String> = (0..count).map(|n| format!("p{n}")).collect();
        // Whose each id really is: a rotation, with the last ones neither pending nor failed.
        let shift = usize::try_from(seed % 26).unwrap() % count;
        let pending = count.saturating_sub(left_out).max(1);
        let owners: Vec<&str> =
            (0..pending).map(|n| primaries[(n + shift) % count].as_str()).collect();
        let shown: Vec<Option<&str>> =
            owners.iter().zip(&revealed).map(|(owner, seen)| seen.then_some(*owner)).collect();
        for mine in &primaries {
            let truth = owners.iter().position(|owner| owner == mine);
            let pairing = pairing(mine, &primaries, pending);
            match pairing.guess(&shown) {
                Guess::Ours(index) => prop_assert_eq!(Some(index), truth),
                Guess::NoneIsOurs => prop_assert_eq!(None, truth),
                Guess::NotYet => prop_assert!(shown.contains(&None)),
            }
            let all: Vec<Option<&str>> = owners.iter().copied().map(Some).collect();
            let told = pairing.guess(&all);
            prop_assert_eq!(told, truth.map_or(Guess::NoneIsOurs, Guess::Ours));
        }
    }
}
