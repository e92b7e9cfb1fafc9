//! Closing a month: what is known and not billed becomes billed, by one record of the log.

use crate::engine::Metering;
use tenantry_core::{Month, OpContext, Problem, Reason};
use tenantry_db::log::Span;
use tenantry_usage::{Close, Record};

/// A close, and whether it was made just now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Closed {
    /// The close.
    pub close: Close,
    /// `false` if the month was closed before: closing twice is closing once.
    pub new: bool,
}

impl Metering {
    /// Closes a month that is over. Earlier months that were never closed are closed with it.
    ///
    /// Refused while the month runs, and for a month before the last closed one that was skipped: its usage
    /// is on later documents.
    pub async fn close_month(&self, ctx: &OpContext, month: Month) -> Result<Closed, Problem> {
        let now = ctx.now();
        if now < month.period().to {
            return Err(Problem::new(
                Reason::PeriodNotClosable,
                format!(
                    "{month} runs until {}, and it is {now} in this world; close it after its end",
                    month.period().to
                ),
            ));
        }
        self.follow(ctx).await?;
        let mut turn = self.turn().await?;
        let (known, number) = self
            .read_all(|fold| {
                let known = fold.closes().iter().find(|close| close.month == month).copied();
                (known, fold.closes().last().map_or(1, |close| close.number + 1))
            })
            .await;
        if let Some(close) = known {
            return Ok(Closed { close, new: false });
        }
        if let Some(last) = self.read_all(|fold| fold.closes().last().copied()).await
            && last.month > month
        {
            return Err(Problem::new(
                Reason::PeriodNotClosable,
                format!("{} is closed already; usage of {month} is billed by the next close", last.month),
            ));
        }
        let close = Close { number, month, at: now };
        turn.append(now, Span::NONE, Record::Close(close)).await?;
        turn.commit().await?;
        Ok(Closed { close, new: true })
    }
}
