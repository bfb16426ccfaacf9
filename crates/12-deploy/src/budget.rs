//! How many clusters may fail, as a user says it.

use std::error::Error;
use std::fmt;
use std::num::NonZeroU64;
use std::str::FromStr;

/// How many clusters have to fail before nothing new begins.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Budget {
    /// Whatever fails, the rollout goes on.
    #[default]
    Unlimited,
    /// So many clusters. 1 stops at the first failure.
    Clusters(NonZeroU64),
    /// So many of a hundred clusters, rounded up.
    PerCent(PerCent),
}

/// A number from 1 to 100.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PerCent(u8);

/// Why a text or a number isn't a budget.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BudgetError {
    /// Nothing could ever begin.
    Zero,
    /// The percentage is above 100.
    PerCent(u64),
    /// It is neither a number, nor a number and `%`, nor `unlimited`.
    Text(String),
}

impl PerCent {
    /// Checks that the number is from 1 to 100.
    ///
    /// # Errors
    ///
    /// [`BudgetError::Zero`] and [`BudgetError::PerCent`].
    pub fn new(per_cent: u64) -> Result<PerCent, BudgetError> {
        match per_cent {
            0 => Err(BudgetError::Zero),
            1..=100 => Ok(PerCent(per_cent as u8)),
            _ => Err(BudgetError::PerCent(per_cent)),
        }
    }
}

impl Budget {
    /// Stops once this many clusters have failed.
    ///
    /// # Errors
    ///
    /// [`BudgetError::Zero`].
    pub fn clusters(clusters: u64) -> Result<Budget, BudgetError> {
        let clusters = NonZeroU64::new(clusters).ok_or(BudgetError::Zero)?;
        Ok(Budget::Clusters(clusters))
    }

    /// Stops once this share of the clusters has failed.
    ///
    /// # Errors
    ///
    /// Those of [`PerCent::new`].
    pub fn per_cent(per_cent: u64) -> Result<Budget, BudgetError> {
        PerCent::new(per_cent).map(Budget::PerCent)
    }

    /// Returns how many failures spend the budget if there are so many clusters: at least 1.
    pub fn failures(self, clusters: usize) -> u64 {
        match self {
            Budget::Unlimited => u64::MAX,
            Budget::Clusters(failures) => failures.get(),
            Budget::PerCent(PerCent(per_cent)) => {
                let share = (clusters as u128 * u128::from(per_cent)).div_ceil(100);
                // At most as many as there are clusters, which fit.
                (share as u64).max(1)
            }
        }
    }
}

/// Reads `5`, `10%` or `unlimited`.
impl FromStr for Budget {
    type Err = BudgetError;

    fn from_str(text: &str) -> Result<Budget, BudgetError> {
        let number = |digits: &str| {
            let error = || BudgetError::Text(text.to_owned());
            digits.parse::<u64>().map_err(|_| error())
        };
        match text.strip_suffix('%') {
            _ if text == "unlimited" => Ok(Budget::Unlimited),
            Some(digits) => Budget::per_cent(number(digits)?),
            None => Budget::clusters(number(text)?),
        }
    }
}

impl fmt::Display for Budget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Budget::Unlimited => f.write_str("unlimited"),
            Budget::Clusters(clusters) => clusters.fmt(f),
            Budget::PerCent(PerCent(per_cent)) => write!(f, "{per_cent}%"),
        }
    }
}

impl fmt::Display for BudgetError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            BudgetError::Zero => f.write_str(
                "with a failure budget of 0 nothing would begin; 1 stops at the first failure",
            ),
            BudgetError::PerCent(number) => {
                write!(
                    f,
                    "a failure budget of {number} % is more than all clusters"
                )
            }
            BudgetError::Text(text) => write!(
                f,
                "'{text}' is no failure budget; write a number of clusters, such as 5, or a share, such as 10%, or unlimited"
            ),
        }
    }
}

impl Error for BudgetError {}
