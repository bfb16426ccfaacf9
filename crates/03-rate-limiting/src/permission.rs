//! What is checked: may this user do this to that resource?

use std::fmt;

/// A question to the database. The answer is yes or no.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Permission {
    /// The user's email address.
    pub user: String,
    /// What the user wants to do, such as `get`.
    pub action: String,
    /// What the user wants to do it to, such as `app/17`.
    pub resource: String,
}

impl Permission {
    /// Returns the talk's request: may one user get each of these `count` applications? They are numbered from 1.
    pub fn all(count: usize) -> Vec<Permission> {
        let permission = |number| Permission {
            user: "ada@example.com".to_owned(),
            action: "get".to_owned(),
            resource: format!("app/{number}"),
        };
        (1..=count).map(permission).collect()
    }
}

/// `ada@example.com get app/17`
impl fmt::Display for Permission {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} {}", self.user, self.action, self.resource)
    }
}
