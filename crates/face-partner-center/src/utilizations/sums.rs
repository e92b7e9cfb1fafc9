//! Usage without details: what all resources of a meter used in an hour or day, as one record.

use tenantry_core::{Problem, Quantity, ResourceUri};
use tenantry_usage::{Bucket, Series};

/// Buckets summed by period and meter. They come, and go, by time, then meter; a sum names no resource.
pub(super) fn by_meter(buckets: Vec<Bucket>) -> Result<Vec<Bucket>, Problem> {
    let mut sums: Vec<Bucket> = Vec::new();
    for bucket in buckets {
        match sums.last_mut() {
            Some(sum) if (sum.period, sum.series.meter) == (bucket.period, bucket.series.meter) => {
                sum.quantity = add(sum.quantity, bucket.quantity)?;
            }
            _ => sums.push(Bucket { series: anywhere(&bucket.series), ..bucket }),
        }
    }
    Ok(sums)
}

fn add(sum: Quantity, quantity: Quantity) -> Result<Quantity, Problem> {
    let beyond = || Problem::corrupt("the usage of a meter sums to more than a quantity holds");
    sum.checked_add(quantity).ok_or_else(beyond)
}

/// The meter of a series, and nothing that tells its resources apart.
fn anywhere(series: &Series) -> Series {
    Series {
        subscription: series.subscription,
        meter: series.meter,
        resource: ResourceUri::new(""),
        region: String::new(),
        tags: String::new(),
        additional_info: String::new(),
    }
}
