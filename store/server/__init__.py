"""A collection that several machines share, on a Chroma server.

Who is right, and how changes travel. The server is the truth. Each machine (each home) writes
only records of its own there: what it knows of a paper, as a whole, under the paper's id and the
machine's. Nothing is ever overwritten but by the machine that wrote it, so no update is lost,
however many write at once, and the same ingest twice writes the same ids. A paper is what all its
records give together, which is the same whatever the order (``contribution``): each names the
records that its writer had seen, which it stands for; what was said at once adds up. A removal
is a record too, and stands for what its writer had seen. Each machine numbers its
records, and says in a small second collection how far it is about to go before it writes them:
to look there is one small request, and whoever finds a number higher than what it has reads the
records in between. A record is there or not, never half; one whose writer was killed is found
like any other, and what that machine had not sent it sends when it is opened again. The home
holds a copy: the catalog, which follows these numbers as the indexes follow the catalog's own
(``log``), the words, and the vectors in flat files (``folder``). All of it can be made anew from
the server. What is new in the catalog and not on the server yet is what differs from what was
last agreed on (``replica``); it is sent where the vectors are made, as any index follows.
When ``ingest`` returns, its papers are on the server.
"""
