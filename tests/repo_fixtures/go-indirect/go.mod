module town.example/portal

go 1.23

require (
	github.com/aws/aws-sdk-go-v2 v1.30.0
	github.com/scaleway/scaleway-sdk-go v1.0.0
)
