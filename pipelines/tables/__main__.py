"""`python -m pipelines.tables` prints the codebook."""

from pipelines.tables import codebook

if __name__ == "__main__":
    print(codebook(), end="")
