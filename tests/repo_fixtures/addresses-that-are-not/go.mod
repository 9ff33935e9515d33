module example.org/x

go 1.22

require github.com/Azure/go-ntlmssp v0.0.1
