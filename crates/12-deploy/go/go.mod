module deploy

go 1.25
