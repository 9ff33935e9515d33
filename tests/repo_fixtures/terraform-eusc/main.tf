provider "aws" {
  region = "eusc-de-east-1"
}
resource "aws_s3_bucket" "b" {
  bucket = "x"
}
data "aws_partition" "here" {}
locals {
  arn = "arn:aws-eusc:s3:::x"
}
