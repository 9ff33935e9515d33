module x
require github.com/aws/aws-sdk-go v1.0.0
