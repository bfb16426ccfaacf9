package main

import (
	"context"
	"errors"
	"fmt"
)

// Sources are the three services that a page is made from.
type Sources interface {
	CI(context.Context) (string, error)
	CD(context.Context) (string, error)
	User(context.Context) (string, error)
}

// Page is the answer to a request. A part that is missing says why, and the others are there.
type Page struct {
	CI, CD, User Part
}

// Part is what became of one part of a page: a value, or the reason why there is none.
type Part struct {
	Value string
	Err   error
}

// panicked is the error of a part whose fetch panicked.
type panicked struct {
	value any
}

func (p panicked) Error() string { return fmt.Sprintf("panicked: %v", p.value) }

// fetch asks one source. It recovers a panic, because one that leaves a goroutine ends the whole process.
//
// ANCHOR: fetch
func fetch(ctx context.Context, source func(context.Context) (string, error)) (part Part) {
	defer func() {
		if value := recover(); value != nil {
			part = Part{Err: panicked{value}}
		}
	}()
	value, err := source(ctx)
	return Part{value, err}
}

// ANCHOR_END: fetch

func (p Part) String() string {
	var panicked panicked
	switch {
	case p.Err == nil:
		return p.Value
	case errors.Is(p.Err, context.DeadlineExceeded):
		return "late"
	case errors.As(p.Err, &panicked):
		return panicked.Error()
	default:
		return fmt.Sprintf("failed: %v", p.Err)
	}
}

func (p Page) String() string {
	return fmt.Sprintf("CI status: %v\nCD status: %v\nuser data: %v\n", p.CI, p.CD, p.User)
}
