//! Lists of seat prices are kept and compared in an order of our own, whatever the database makes of letters.

use crate::house::in_a_house;
use tenantry_commerce::{seat_price_import, seat_price_lists, seat_prices_of_the_field};
use tenantry_core::Day;

#[test]
fn the_same_list_again_changes_nothing_and_reads_in_the_order_of_its_letters() {
    in_a_house(|house| async move {
        let table = || seat_prices_of_the_field(Day::parse("2026-01-01").unwrap()).unwrap();
        let first = seat_price_import(&house.ctx, &house.db, table()).await.unwrap();
        let mut reversed = table();
        reversed.prices.reverse();
        let again = seat_price_import(&house.ctx, &house.db, reversed).await.unwrap();
        assert_eq!((first.new, again.new, &again.list), (true, false, &first.list));
        let kept = seat_price_lists(&house.ctx, &house.db).await.unwrap().remove(0);
        let keys: Vec<_> = kept.prices.iter().map(|price| (price.offer.to_string(), price.cycle.name())).collect();
        assert_eq!(keys.len(), table().prices.len());
        assert!(keys.is_sorted(), "{keys:#?}");
        assert_eq!(kept, first.list);
    });
}
