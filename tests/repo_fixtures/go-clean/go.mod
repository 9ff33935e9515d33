module town.example/portal

go 1.23

require (
	github.com/go-chi/chi/v5 v5.1.0
	github.com/Azure/go-ntlmssp v0.0.1 // indirect
)
