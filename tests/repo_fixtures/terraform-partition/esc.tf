provider "aws" {
  region = "eusc-de-east-1"
}

data "aws_partition" "here" {} # "aws-eusc"
