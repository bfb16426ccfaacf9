module sse

go 1.25
