package gotorust

import "sync"

// Account is a balance and the lock that guards it.
type Account struct {
	sync.Mutex
	balance int
}

// ANCHOR: total

// Total adds up the balances, and holds one lock at a time.
func Total(accounts []*Account) int {
	total := 0
	for _, account := range accounts {
		account.Lock()
		total += account.balance
		account.Unlock() // deferred, it would run when Total returns
	}
	return total
}

// ANCHOR_END: total
