//! A remembered fact is forgotten by the commit that may have changed it, and by nothing less.

use crate::database;
use tenantry_core::{Problem, Reason};
use tenantry_testkit::on_every_engine;
use uuid::Uuid;

#[test]
fn a_fact_is_looked_up_again_when_access_changed() {
    on_every_engine(async |bench| {
        let db = database(&bench).await;
        let between = [Uuid::nil(), Uuid::max()];
        let ask = async |holds: Result<bool, Problem>| db.remembered("knows", between, async { holds }).await;
        let broken = || Err(Problem::new(Reason::Unavailable, "no answer"));
        assert_eq!(ask(broken()).await.map_err(|problem| problem.reason()), Err(Reason::Unavailable));
        for (committed, changes, holds, answered) in [
            (true, false, true, true),
            // Nothing said that it changed.
            (true, false, false, true),
            (false, true, false, true),
            (true, true, false, false),
            (true, true, true, true),
        ] {
            let mut tx = db.begin().await.unwrap();
            if changes {
                tx.changes_access();
            }
            if committed {
                tx.commit().await.unwrap();
            }
            assert_eq!(ask(Ok(holds)).await.unwrap(), answered, "committed {committed}, changes {changes}, {holds}");
        }
        let other = db.remembered("sees", between, async { Ok(false) }).await.unwrap();
        assert!(!other, "another question, another fact");
    });
}
