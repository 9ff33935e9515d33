from setuptools import setup

setup(
    name="boto3-like",
    install_requires=[
        "requests",
        "boto3>=1.17",
    ],
    extras_require={"openai": ["anthropic"]},
    tests_require=["twilio"],
)
