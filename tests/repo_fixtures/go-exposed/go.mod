module example.org/app

go 1.23

require (
	cloud.google.com/go/storage v1.43.0
	github.com/aws/aws-sdk-go-v2/service/s3 v1.2.3
	github.com/hetznercloud/hcloud-go/v2 v2.1.0
	golang.org/x/net v0.30.0 // indirect
)
